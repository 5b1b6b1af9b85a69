#include "authn/authn.hpp"
#include "base/coarse_network.hpp"
#include "crypto/opaque_token.hpp"

namespace cardea::authn {

known_browser::Place place_of(const Deps& deps, const Context& context) {
  const auto& address = context.origin.address;
  return {.network = coarse_network(address),
          .country = deps.countries == nullptr ? std::string{} : deps.countries->of(address)};
}

namespace {

// The session to end: the principal's, or the one the client came with. A browser that signs in again would leave its
// old session behind, and nobody would end it.
std::optional<session::Key> replaced(const Context& context, const Browser& browser) {
  if (context.principal && context.principal->session) return context.session();
  return browser.session;
}

/// That of the principal's session, which has just ended.
std::optional<session::Binding> binding_of(const Context& context, const std::vector<session::Ended>& all_ended) {
  for (const auto& ended : all_ended) {
    if (ended.id == context.session()) return ended.binding;
  }
  return std::nullopt;
}

std::optional<audit::Event> event_of(const SessionPlan& plan, const SignedIn& in) {
  if (!plan.event) return std::nullopt;
  audit::Event event = *plan.event;
  event.account = in.account.id;
  event.session = in.session.session.id;
  return event;
}

// All of them together: each statement is a round trip.
void record_events(db::Tx& tx, const Deps& deps, const Context& context, const AccountId& actor,
                   const std::vector<session::Ended>& all_ended, const std::optional<audit::Event>& opened) {
  std::vector<std::string> ids;
  ids.reserve(all_ended.size());  // the events hold views of them
  std::vector<audit::Event> events;
  for (const auto& ended : all_ended) {
    events.push_back({.kind = account::session_revoked,
                      .account = ended.account,
                      .actor = actor,
                      .reason = ended.is_replaced ? "replaced" : "too_many",
                      .subject = ids.emplace_back(ended.id.text())});
  }
  if (opened) events.push_back(*opened);
  deps.trail.record(tx, context, events);
}

}  // namespace

SignedIn open_session(db::Tx& tx, const Deps& deps, const Context& context, const Browser& browser, SessionPlan plan) {
  const AccountId id = plan.account.id;
  if (!browser.language.empty() && browser.language != plan.account.language) {
    identity::set_language(tx, id, browser.language);
  }
  const auto all_ended = session::make_room(tx, id, replaced(context, browser), deps.session, context.now);
  SignedIn in{.account = std::move(plan.account),
              .session = session::open(tx, context, id, plan.assurance, deps.session, deps.random, plan.lifetime,
                                       plan.keeps_binding ? binding_of(context, all_ended) : std::nullopt)};
  const auto place = place_of(deps, context);
  if (plan.browser_is_known) {
    known_browser::saw(tx, *browser.known, place, context.now);
  } else {
    in.known_browser = known_browser::remember(tx, id, place, context.now, deps.random);
  }
  if (plan.trust == Trust::asked && deps.policy.trust_browser > Duration{0}) {
    const auto key = plan.browser_is_known ? browser.known : crypto::opaque_token_hash(in.known_browser->reveal());
    known_browser::trust(tx, id, key.value(), context.now + deps.policy.trust_browser);
  }
  record_events(tx, deps, context, id, all_ended, event_of(plan, in));
  return in;
}

void sign_out(const Deps& deps, const Context& context, const std::vector<session::Key>& sessions) {
  std::vector<session::Key> keys = sessions;
  if (context.principal && context.principal->session) keys.insert(keys.begin(), context.session());
  deps.database.write([&](db::Tx& tx) {
    for (const auto& key : keys) {
      const auto shown = session::revoke(tx, key, context.now);
      if (!shown) continue;
      deps.trail.record(
          tx, context,
          {.kind = signout_completed, .account = shown->account, .actor = shown->account, .session = shown->id});
    }
  });
}

}  // namespace cardea::authn
