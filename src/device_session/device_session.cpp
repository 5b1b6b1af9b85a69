#include "device_session/device_session.hpp"

#include <algorithm>

#include "authn/credentials.hpp"
#include "device_session/device_key.hpp"
#include "device_session/device_store.hpp"
#include "device_session/proof.hpp"
#include "encoding/rfc3339.hpp"

namespace cardea::device_session {
namespace {

/// A key is kept as long as its session can live unless it is shown again, which every use of it takes.
Time kept_until(const Deps& deps, const session::Session& session, Time now) {
  return std::min(session.expires_at, now + deps.authn.session.idle + std::chrono::hours{1});
}

/// The session of a binding, of an account that is active.
std::optional<session::Session> live(db::Tx& tx, const session::BindingId& binding, Time now) {
  auto session = session::find_bound(tx, binding, now);
  const auto account = session ? identity::find(tx, session->account) : std::nullopt;
  return account && account->status == identity::Status::active ? std::move(session) : std::nullopt;
}

/// The key of a device whose session is live.
std::optional<Device> usable(db::Tx& tx, const session::BindingId& binding, Time now) {
  return live(tx, binding, now) ? find(tx, binding) : std::nullopt;
}

/// A challenge that was not made before the last one that was answered, or it could not be answered.
Challenged next_challenge(const Deps& deps, const session::BindingId& binding, const Device& device, Time now) {
  const bool is_ahead = device.proved_at >= now && device.proved_at - now <= clock_tolerance;
  return challenge(deps, binding, is_ahead ? device.proved_at + Duration{1} : now);
}

}  // namespace

Result<session::Binding> bind(const Deps& deps, const Context& context, std::string_view field) {
  const auto proof = read_proof(field);
  if (!proof || !proof->jwk) return not_valid;
  const auto offer = deps.stamps.read(Purpose::registration, proof->challenge);
  if (!offer || !is_good(*offer, offer_lifetime, context.now)) return not_valid;
  const auto key = read_key(*proof->jwk);
  if (!key || !is_by(*proof, key->key)) return not_valid;
  const SessionId id{offer->of};
  const auto holder = authn::find_holder(deps.authn, id, context.now);
  if (!holder) return not_valid;
  const session::Binding binding{.id = session::BindingId::make(context.now, deps.authn.random), .at = context.now};
  const Device device{
      .account = holder->account.id, .public_key = key->text, .created_at = context.now, .proved_at = offer->at};
  return deps.authn.database.write([&](db::Tx& tx) -> Result<session::Binding> {
    if (!session::bind(tx, id, binding, context.now)) return not_valid;
    insert(tx, binding.id, device, kept_until(deps, holder->session, context.now));
    deps.authn.trail.record(tx, context,
                            {.kind = session_bound, .account = device.account, .actor = device.account, .session = id});
    return binding;
  });
}

Challenged challenge(const Deps& deps, const session::BindingId& binding, Time now) {
  return {deps.stamps.make(Purpose::refresh, {.of = binding.raw(), .at = now})};
}

Result<std::variant<Challenged, session::Binding>> refresh(const Deps& deps, const Context& context,
                                                           const session::BindingId& binding, std::string_view field) {
  using Outcome = std::variant<Challenged, session::Binding>;
  const Time now = context.now;
  const auto proof = read_proof(field);
  // A key belongs to the session from its beginning; another one is none of its.
  if (!proof || proof->jwk) return not_valid;
  const auto asked = deps.stamps.read(Purpose::refresh, proof->challenge);
  if (!asked || asked->of != binding.raw()) return not_valid;
  const auto device = deps.authn.database.read([&](db::Tx& tx) { return usable(tx, binding, now); });
  const auto key = device ? read_stored_key(device->public_key) : std::nullopt;
  if (!key || !is_by(*proof, key->key)) return not_valid;
  if (!is_good(*asked, challenge_lifetime, now)) return Outcome{next_challenge(deps, binding, *device, now)};
  return deps.authn.database.write([&](db::Tx& tx) -> Result<Outcome> {
    const auto session = live(tx, binding, now);
    if (!session) return not_valid;
    if (prove(tx, binding, asked->at, kept_until(deps, *session, now), now)) return Outcome{*session->binding};
    const auto answered = find(tx, binding);
    if (!answered) return not_valid;
    return Outcome{next_challenge(deps, binding, *answered, now)};
  });
}

std::string cookie_of(const Deps& deps, const session::BindingId& binding, Time now) {
  return deps.stamps.make(Purpose::cookie, {.of = binding.raw(), .at = now});
}

std::optional<Time> shown_at(const Deps& deps, std::string_view cookie, const session::Binding& binding, Time now) {
  const auto stamp = deps.stamps.read(Purpose::cookie, cookie);
  const bool is_shown = stamp && stamp->of == binding.id.raw() && is_good(*stamp, cookie_lifetime, now);
  return is_shown ? std::optional{stamp->at} : std::nullopt;
}

FeatureEntry entry() {
  return {.describe =
              [](config::Section& root, FeatureSettings& all) {
                root.section("session").flag(
                    "device_bound", all.of<Settings>().device_bound,
                    "Bind sessions to the device on which they began, in browsers that can do so (Device Bound Session "
                    "Credentials): a copied cookie is worth nothing elsewhere after ten minutes. Other browsers notice "
                    "nothing.");
              },
          .make =
              [](const Host& host) {
                Feature feature{.name = "device_session",
                                .periodic = {sweep_job(host.authn.database)},
                                .errors = {&not_valid, &challenged},
                                .events = {session_bound}};
                // Below pages of other sites a browser keeps cookies apart for each of them, and keys it does not.
                const bool is_on =
                    host.settings.of<Settings>().device_bound && host.authn.same_site != http::SameSite::none;
                if (!is_on) return feature;
                const auto deps =
                    std::make_shared<const Deps>(Deps{.authn = host.authn,
                                                      .stamps = Stamps{host.key("cardea device sessions")},
                                                      .url = std::string{host.url}});
                feature.routes = routes(deps);
                feature.device_binding = device_binding(deps);
                return feature;
              },
          .export_account = export_at_once(
              [](const account::Deps&, const Context&, db::Tx& tx, const AccountId& id, const ExportSink& sink) {
                for (const Time made : made_by(tx, id)) {
                  sink("device_session", wire::to_json(wire::Object{{"created_at", rfc3339(made)}}));
                }
              })};
}

}  // namespace cardea::device_session
