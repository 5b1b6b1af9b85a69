#include "authn/credentials.hpp"

#include "authn/views.hpp"
#include "crypto/opaque_token.hpp"
#include "http/authorization.hpp"
#include "http/problem.hpp"

namespace cardea::authn {
namespace {

using LivePtr = std::shared_ptr<const session::Live>;

/// What a request presents, not yet judged.
struct Presented {
  const CredentialSource& source;
  std::string_view text;
  crypto::Digest hash;  // under which memory knows it
};

/// The text at a source: a cookie's value, or what follows the scheme. Absent: there is none.
std::optional<std::string_view> text_at(const http::Request& request, const CredentialSource& source) {
  switch (source.place) {
    case CredentialPlace::cookie: return http::cookie(request, source.cookie);
    case CredentialPlace::basic: return std::nullopt;  // of clients, which have no session
    case CredentialPlace::bearer: break;
  }
  return http::bearer_token(request.headers);
}

/// The hash of a signed token. The type goes in too: where another type is expected, the same text is worth nothing.
std::optional<crypto::Digest> signed_token_hash(const TokenType& type, std::string_view text) {
  if (text.size() > token::max_token) return std::nullopt;
  return crypto::sha256(std::string{type.typ}.append("\n").append(type.audience_path).append("\n").append(text));
}

/// Absent: nothing that could be a credential.
std::optional<Presented> read_credentials(const http::Request& request, const http::Surface& surface) {
  for (const CredentialSource& source : surface.credentials) {
    const auto text = text_at(request, source);
    if (!text) continue;
    const auto hash =
        source.token == nullptr ? crypto::opaque_token_hash(*text) : signed_token_hash(*source.token, *text);
    return hash ? std::optional{Presented{source, *text, *hash}} : std::nullopt;
  }
  return std::nullopt;
}

/// The key of the session that a credential holds, when it holds one.
std::optional<session::Key> session_in(const Deps& deps, const http::Call& call, const CredentialSource& source) {
  const auto text = text_at(call.request, source);
  if (!text) return std::nullopt;
  if (source.token == nullptr) {
    const auto hash = crypto::opaque_token_hash(*text);
    return hash ? std::optional{session::Key{*hash}} : std::nullopt;
  }
  const auto claims = deps.tokens.verify(*source.token, *text, call.now());
  return claims ? std::optional{session::Key{claims->session}} : std::nullopt;
}

/// What a request shows, with the memory of the process that judges it.
struct Judging {
  const Deps& deps;
  const http::Request& request;
  Time now;
};

/// A session that is bound to a device is shown by a cookie only together with what the device's key has asked for. A
/// signed token in a header is no cookie: it lives minutes, and was made by whoever could show both.
Result<Done> judge_device(const Judging& how, const session::Session& session, http::Authentication& found) {
  const auto& rule = how.deps.device_binding;
  const bool is_bound = rule && session.binding && found.place == CredentialPlace::cookie;
  if (!is_bound || !is_in_force(*session.binding, how.now)) return done;
  const auto cookie = http::cookie(how.request, rule->cookie);
  const auto shown_at = cookie ? rule->shown_at(*cookie, *session.binding, how.now) : std::nullopt;
  if (!shown_at) return http::unauthenticated;
  if (how.now - *shown_at < key_is_fresh_for) return done;
  found.principal.key_is_stale = true;
  found.renewal = rule->renewal;
  return done;
}

Result<http::Authentication> to_authentication(const Judging& how, const LivePtr& live, const Presented& presented) {
  const session::Session& session = live->session;
  http::Authentication found{.principal = {.account = session.account,
                                           .session = session.id,
                                           .permissions = Permissions{live->role},
                                           .assurance = session.assurance,
                                           .by_access_token = presented.source.token == &cardea::access_token},
                             .place = presented.source.place,
                             .summary = std::shared_ptr<const std::string>{live, &live->answer}};
  TRY(judge_device(how, session, found));
  return found;
}

std::string answer_for(const session::Session& session, const identity::Account& account) {
  return wire::write(CurrentSession{
      .session = view(session, session.id),
      .user = {
          .id = account.id, .uid = account.uid, .name = account.name, .email = account.email, .role = account.role}});
}

// Reads the session and its account, and remembers the result.
LivePtr load(const Deps& deps, const session::Cache::Epochs& epochs, const session::Key& key, Time now) {
  const auto holder = find_holder(deps, key, now);
  if (!holder) return nullptr;
  auto live =
      std::make_shared<const session::Live>(session::Live{.session = holder->session,
                                                          .role = holder->account.role,
                                                          .answer = answer_for(holder->session, holder->account),
                                                          .loaded_at = now});
  deps.cache.put(epochs, live);
  return live;
}

/// What memory knows of it; absent: only the database can tell. Sets the claims of a signed token that had to be
/// verified.
std::optional<Result<http::Authentication>> from_memory(const Judging& how, const Presented& presented,
                                                        std::optional<token::Claims>& claims) {
  const Deps& deps = how.deps;
  const Time now = how.now;
  const auto is_usable = [now](const LivePtr& live) { return live && !session::wants_touch(live->session, now); };
  const auto known = deps.cache.find(presented.hash, now);
  if (is_usable(known)) return to_authentication(how, known, presented);
  if (deps.cache.is_absent(presented.hash, now)) return http::unauthenticated;
  if (presented.source.token == nullptr) return std::nullopt;
  const auto epochs = deps.cache.epochs();
  const auto verified = deps.tokens.verify(*presented.source.token, presented.text, now);
  if (!verified) {
    deps.cache.put_absent(epochs, presented.hash, now);
    return http::unauthenticated;
  }
  claims = *verified;
  const auto live = deps.cache.find(claims->session, now);
  if (!is_usable(live)) return std::nullopt;
  if (claims->subject != live->session.account) return http::unauthenticated;
  deps.cache.show(presented.hash, claims->session, claims->expires_at, now);
  return to_authentication(how, live, presented);
}

}  // namespace

std::optional<Holder> find_holder(const Deps& deps, const session::Key& key, Time now) {
  std::optional<identity::Account> account;
  auto session = deps.database.read([&](db::Tx& tx) {
    auto found = std::visit([&](const auto& shown) { return session::find(tx, shown, now); }, key);
    account = found ? identity::find(tx, found->account) : std::nullopt;
    return found;
  });
  if (!session || !account || account->status != identity::Status::active) return std::nullopt;
  if (session::wants_touch(*session, now)) session = deps.touches.touched(*std::move(session), now);
  return Holder{.session = *std::move(session), .account = *std::move(account)};
}

std::optional<Result<http::Authentication>> Authenticator::recall(const http::Request& request,
                                                                  const http::Surface& surface, Time now) {
  const auto presented = read_credentials(request, surface);
  if (!presented) return http::unauthenticated;
  std::optional<token::Claims> claims;
  return from_memory({deps_, request, now}, *presented, claims);
}

Result<http::Authentication> Authenticator::identify(const http::Request& request, const http::Surface& surface,
                                                     Time now) {
  const auto presented = read_credentials(request, surface);
  if (!presented) return http::unauthenticated;
  const auto epochs = deps_.cache.epochs();  // before any read: a revocation after it must win
  std::optional<token::Claims> claims;
  const Judging how{deps_, request, now};
  if (auto known = from_memory(how, *presented, claims)) return *std::move(known);
  const auto live = claims ? load(deps_, epochs, claims->session, now) : load(deps_, epochs, presented->hash, now);
  if (!live || (claims && claims->subject != live->session.account)) {
    deps_.cache.put_absent(epochs, presented->hash, now);
    return http::unauthenticated;
  }
  if (claims) deps_.cache.show(presented->hash, claims->session, claims->expires_at, now);
  return to_authentication(how, live, *presented);
}

std::string signin_token(const http::Call& call) {
  return std::string{http::cookie(call.request, signin_cookie).value_or("")};
}

Browser browser_of(const Deps& deps, const http::Call& call) {
  Browser browser;
  const auto known = http::cookie(call.request, known_browser::cookie_name);
  if (known) browser.known = crypto::opaque_token_hash(*known);
  if (deps.language_of) browser.language = deps.language_of(call.request);
  for (const CredentialSource& source : call.route.surface->credentials) {
    if (source.place != CredentialPlace::cookie) continue;  // a token does not say which browser it is
    if (!browser.session) browser.session = session_in(deps, call, source);
  }
  return browser;
}

std::vector<session::Key> presented_sessions(const Deps& deps, const http::Call& call) {
  std::vector<session::Key> keys;
  // A token that is sent to a page does not count there.
  const bool takes_bearer = http::takes_bearer(*call.route.surface);
  for (const CredentialSource& source : deps.credentials) {
    if (source.place == CredentialPlace::bearer && !takes_bearer) continue;
    if (auto key = session_in(deps, call, source)) keys.push_back(*std::move(key));
  }
  return keys;
}

}  // namespace cardea::authn
