#include "authn/authn.hpp"

namespace cardea::authn {
namespace {

std::optional<session::Session> session_of_classic_cookie(db::Tx& tx, const Deps& deps, const http::Call& call) {
  const auto jwt = http::cookie(call.request, classic_cookie);
  const auto claims = jwt ? deps.tokens.verify(token::Kind::classic, *jwt, call.now) : token::invalid_token;
  return claims ? session::find(tx, claims->session, call.now) : std::nullopt;
}

// The session that this sign-in replaces: the caller's, or the one behind the cookie; on a classic route the `jwt`,
// elsewhere our own.
std::optional<session::Session> presented_session(db::Tx& tx, const Deps& deps, const http::Call& call) {
  if (call.caller) return session::find(tx, call.who().session, call.now);
  if (call.route.style == http::Style::classic) return session_of_classic_cookie(tx, deps, call);
  const auto cookie = http::cookie(call.request, session_cookie);
  const auto hash = cookie ? session::token_hash(*cookie) : std::nullopt;
  return hash ? session::find(tx, *hash, call.now) : std::nullopt;
}

void record_end(db::Tx& tx, const Deps& deps, const http::Call& call, const AccountId& account, const SessionId& id,
                std::string_view reason) {
  deps.trail.record(tx, {.kind = "session.revoked", .account = account, .reason = reason, .subject = id.text()},
                    audit::origin(call), call.now);
}

// A browser that signs in again leaves its old session behind; nobody would ever end it.
void end_presented_session(db::Tx& tx, const Deps& deps, const http::Call& call) {
  const auto old = presented_session(tx, deps, call);
  if (!old || !session::revoke(tx, deps.cache, old->account, old->id)) return;
  record_end(tx, deps, call, old->account, old->id, "replaced");
}

std::chrono::seconds seconds(Duration span) { return std::chrono::duration_cast<std::chrono::seconds>(span); }

}  // namespace

Admitted admit(db::Tx& tx, const Deps& deps, const http::Call& call, identity::Account account, bool device_is_known,
               std::optional<Duration> lifetime) {
  end_presented_session(tx, deps, call);
  const session::Browser browser{.user_agent = call.request.headers.get("user-agent"), .address = call.address};
  Admitted admitted{.account = std::move(account), .session = {}, .device = {}};
  admitted.session = session::open(tx, admitted.account.id, browser, deps.session, call.now, deps.random, lifetime);
  for (const auto& id : session::limit(tx, deps.cache, admitted.account.id, deps.session)) {
    record_end(tx, deps, call, admitted.account.id, id, "too_many");
  }
  if (device_is_known) {
    const auto cookie = http::cookie(call.request, known_browser::cookie_name);
    known_browser::saw(tx, *known_browser::token_hash(*cookie), call.now);
  } else {
    admitted.device = known_browser::remember(tx, admitted.account.id, call.now, deps.random);
  }
  return admitted;
}

void sign_out(const Deps& deps, const http::Call& call) {
  deps.database.write([&](db::Tx& tx) {
    for (const auto& shown : {presented_session(tx, deps, call), session_of_classic_cookie(tx, deps, call)}) {
      if (!shown || !session::revoke(tx, deps.cache, shown->account, shown->id)) continue;
      deps.trail.record(
          tx, {.kind = "signout.completed", .account = shown->account, .actor = shown->account, .session = shown->id},
          audit::origin(call), call.now);
    }
  });
}

void set_device_cookie(http::Response& response, const Deps& deps, const Secret& device) {
  response.headers.add("Set-Cookie",
                       http::set_cookie(known_browser::cookie_name, device.reveal(),
                                        {.max_age = seconds(known_browser::lifetime), .same_site = deps.cookie.policy()}));
}

void set_cookies(http::Response& response, const Deps& deps, const Admitted& admitted) {
  const auto& session = admitted.session.session;
  response.headers.add("Set-Cookie", http::set_cookie(session_cookie, admitted.session.token.reveal(),
                                                      {.max_age = seconds(session.expires_at - session.created_at),
                                                       .same_site = deps.cookie.policy()}));
  if (admitted.device) set_device_cookie(response, deps, *admitted.device);
}

void clear_cookies(http::Response& response, const Deps& deps) {
  for (const auto name : {session_cookie, classic_cookie}) {
    response.headers.add(
        "Set-Cookie",
        http::set_cookie(name, "", {.max_age = std::chrono::seconds{0}, .same_site = deps.cookie.policy()}));
  }
}

}  // namespace cardea::authn
