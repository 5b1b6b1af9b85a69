#include "authn/authn.hpp"

namespace cardea::authn {
namespace {

std::optional<session::Session> find(db::Tx& tx, const SessionKey& key, Time now) {
  return std::visit([&](const auto& by) { return session::find(tx, by, now); }, key);
}

void record_end(db::Tx& tx, const Deps& deps, const Context& context, const AccountId& account, const SessionId& id,
                std::string_view reason) {
  deps.trail.record(tx, context,
                    {.kind = account::session_revoked, .account = account, .reason = reason, .subject = id.text()});
}

// A browser that signs in again leaves its old session behind; nobody would ever end it.
void end_replaced(db::Tx& tx, const Deps& deps, const Context& context, const Browser& browser) {
  std::optional<SessionKey> key = browser.session;
  if (context.principal && context.principal->session) key = context.session();
  const auto old = key ? find(tx, *key, context.now) : std::nullopt;
  if (!old || !session::revoke(tx, deps.cache, old->account, old->id)) return;
  record_end(tx, deps, context, old->account, old->id, "replaced");
}

}  // namespace

SignedIn open_session(db::Tx& tx, const Deps& deps, const Context& context, const Browser& browser, SessionPlan plan) {
  end_replaced(tx, deps, context, browser);
  const AccountId id = plan.account.id;
  SignedIn in{.account = std::move(plan.account),
              .session = session::open(tx, context, id, plan.assurance, deps.session, deps.random, plan.lifetime)};
  for (const auto& ended : session::limit(tx, deps.cache, id, deps.session)) {
    record_end(tx, deps, context, id, ended, "too_many");
  }
  if (plan.browser_is_known) {
    known_browser::saw(tx, *browser.known, context.now);
  } else {
    in.known_browser = known_browser::remember(tx, id, context.now, deps.random);
  }
  return in;
}

void sign_out(const Deps& deps, const Context& context, const std::vector<SessionKey>& sessions) {
  std::vector<SessionKey> keys = sessions;
  if (context.principal && context.principal->session) keys.insert(keys.begin(), context.session());
  deps.database.write([&](db::Tx& tx) {
    for (const auto& key : keys) {
      const auto shown = find(tx, key, context.now);
      if (!shown || !session::revoke(tx, deps.cache, shown->account, shown->id)) continue;
      deps.trail.record(
          tx, context,
          {.kind = signout_completed, .account = shown->account, .actor = shown->account, .session = shown->id});
    }
  });
}

}  // namespace cardea::authn
