#include "authn/credentials.hpp"

#include "base/text.hpp"

namespace cardea::authn {
namespace {

using LivePtr = std::shared_ptr<const session::Live>;

// What a request shows: the hash of a cookie's token, or the verified claims of a token.
struct Shown {
  std::optional<crypto::Digest> cookie = {};
  std::optional<token::Claims> claims = {};
};

Result<Shown> by_token(const Deps& deps, token::Kind kind, std::string_view jwt, Time now) {
  auto claims = deps.tokens.verify(kind, jwt, now);
  if (!claims) return http::unauthenticated;
  return Shown{.claims = std::move(claims).value()};
}

Result<Shown> read_credentials(const Deps& deps, const http::Request& request, http::Style style, Time now) {
  const auto kind = style == http::Style::classic ? token::Kind::classic : token::Kind::access;
  const auto authorization = request.headers.get("authorization");
  if (style != http::Style::page && !authorization.empty()) {
    constexpr std::string_view scheme = "Bearer ";
    if (!text::equals_ignoring_case(authorization.substr(0, scheme.size()), scheme)) return http::unauthenticated;
    return by_token(deps, kind, authorization.substr(scheme.size()), now);
  }
  if (style == http::Style::classic) {
    const auto jwt = http::cookie(request, classic_cookie);
    if (!jwt) return http::unauthenticated;
    return by_token(deps, kind, *jwt, now);
  }
  const auto cookie = http::cookie(request, session_cookie);
  const auto hash = cookie ? session::token_hash(*cookie) : std::nullopt;
  if (!hash) return http::unauthenticated;
  return Shown{.cookie = hash};
}

Result<http::Caller> to_caller(const LivePtr& live, const Shown& shown) {
  if (!live || (shown.claims && shown.claims->subject != live->session.account)) return http::unauthenticated;
  return http::Caller{.account = live->session.account,
                      .session = live->session.id,
                      .is_admin = live->is_admin,
                      .authenticated_at = live->session.authenticated_at,
                      .via = shown.claims ? http::Via::bearer : http::Via::cookie,
                      .summary = std::shared_ptr<const std::string>{live, &live->answer}};
}

LivePtr from_cache(const session::Cache& cache, const Shown& shown, Time now) {
  return shown.cookie ? cache.find(*shown.cookie, now) : cache.find(shown.claims->session, now);
}

std::string answer_for(const session::Session& session, const identity::Account& account) {
  const auto text_or_null = [](const std::optional<std::string>& text) {
    return text ? wire::Value{*text} : wire::Value{nullptr};
  };
  return wire::to_json(wire::Object{{"session", to_wire(session, session.id)},
                                    {"user", wire::Object{{"id", account.id.text()},
                                                          {"uid", text_or_null(account.uid)},
                                                          {"name", account.name},
                                                          {"email", text_or_null(account.email)},
                                                          {"role", account.is_admin ? "admin" : "user"}}}});
}

// A full disk or a busy writer must not end a session that is good to read by.
void touch_if_due(const Deps& deps, session::Session& session, Time now) {
  if (!session::wants_touch(session, now)) return;
  try {
    deps.database.write([&](db::Tx& tx) { session::touch(tx, session, deps.session, now); });
  } catch (const db::DatabaseError&) {
    deps.metrics.counter("cardea_session_touch_failed_total", "Idle time-outs that could not be moved.").add();
  }
}

// Reads the session and its account, moves the idle time-out when that is due, and remembers the result.
template <class Key>
LivePtr load(const Deps& deps, const Key& key, Time now) {
  const auto epoch = deps.cache.epoch();  // before the read: a revocation after it must win
  std::optional<identity::Account> account;
  auto session = deps.database.read([&](db::Tx& tx) {
    auto found = session::find(tx, key, now);
    account = found ? identity::find(tx, found->account) : std::nullopt;
    return found;
  });
  if (!session || !account || account->status != identity::Status::active) return nullptr;
  touch_if_due(deps, *session, now);
  auto live = std::make_shared<const session::Live>(session::Live{
      .session = *session, .is_admin = account->is_admin, .answer = answer_for(*session, *account), .loaded_at = now});
  deps.cache.put(epoch, live);
  return live;
}

}  // namespace

std::optional<Result<http::Caller>> Gate::recall(const http::Request& request, http::Style style, Time now) {
  const auto shown = read_credentials(deps_, request, style, now);
  if (!shown) return Result<http::Caller>{shown.error()};
  const auto live = from_cache(deps_.cache, *shown, now);
  if (!live || session::wants_touch(live->session, now)) return std::nullopt;
  return to_caller(live, *shown);
}

Result<http::Caller> Gate::identify(const http::Request& request, http::Style style, Time now) {
  const Shown shown = TRY(read_credentials(deps_, request, style, now));
  auto live = from_cache(deps_.cache, shown, now);
  if (!live || session::wants_touch(live->session, now)) {
    live = shown.cookie ? load(deps_, *shown.cookie, now) : load(deps_, shown.claims->session, now);
  }
  return to_caller(live, shown);
}

}  // namespace cardea::authn
