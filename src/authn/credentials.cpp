#include "authn/credentials.hpp"

#include "authn/views.hpp"
#include "crypto/opaque_token.hpp"
#include "http/authorization.hpp"
#include "http/problem.hpp"

namespace cardea::authn {
namespace {

using LivePtr = std::shared_ptr<const session::Live>;

// What a request presents: the hash of a cookie's token, or the verified claims of a signed one.
struct Presented {
  CredentialPlace place;
  std::optional<crypto::Digest> token = {};
  std::optional<token::Claims> claims = {};
};

/// The text at a source: a cookie's value, or what follows the scheme. Absent: there is none.
std::optional<std::string> text_at(const http::Request& request, const CredentialSource& source) {
  switch (source.place) {
    case CredentialPlace::cookie: return http::cookie(request, source.cookie);
    case CredentialPlace::basic: return std::nullopt;  // of clients, which have no session
    case CredentialPlace::bearer: break;
  }
  const auto token = http::bearer_token(request.headers);
  return token ? std::optional{std::string{*token}} : std::nullopt;
}

Result<Presented> read(const Deps& deps, const CredentialSource& source, std::string_view text, Time now) {
  Presented presented{.place = source.place};
  if (source.token == nullptr) {
    presented.token = crypto::opaque_token_hash(text);
    if (!presented.token) return http::unauthenticated;
    return presented;
  }
  auto claims = deps.tokens.verify(*source.token, text, now);
  if (!claims) return http::unauthenticated;
  presented.claims = std::move(claims).value();
  return presented;
}

Result<Presented> read_credentials(const Deps& deps, const http::Request& request, const http::Surface& surface,
                                   Time now) {
  for (const CredentialSource& source : surface.credentials) {
    if (const auto text = text_at(request, source)) return read(deps, source, *text, now);
  }
  return http::unauthenticated;
}

session::Key key_of(const Presented& presented) {
  return presented.token ? session::Key{*presented.token} : session::Key{presented.claims->session};
}

/// The key of the session that a cookie holds, when it holds one.
std::optional<session::Key> session_in(const Deps& deps, const http::Call& call, const CredentialSource& source) {
  if (source.place != CredentialPlace::cookie) return std::nullopt;
  const auto text = text_at(call.request, source);
  const auto presented = text ? read(deps, source, *text, call.now()) : http::unauthenticated;
  return presented ? std::optional{key_of(*presented)} : std::nullopt;
}

Result<http::Authentication> to_authentication(const LivePtr& live, const Presented& presented) {
  if (!live) return http::unauthenticated;
  const session::Session& session = live->session;
  if (presented.claims && presented.claims->subject != session.account) return http::unauthenticated;
  return http::Authentication{.principal = {.account = session.account,
                                            .session = session.id,
                                            .permissions = Permissions{live->role},
                                            .assurance = session.assurance},
                              .place = presented.place,
                              .summary = std::shared_ptr<const std::string>{live, &live->answer}};
}

LivePtr from_cache(const session::Cache& cache, const Presented& presented, Time now) {
  return std::visit([&](const auto& key) { return cache.find(key, now); }, key_of(presented));
}

std::string answer_for(const session::Session& session, const identity::Account& account) {
  return wire::write(CurrentSession{
      .session = view(session, session.id),
      .user = {
          .id = account.id, .uid = account.uid, .name = account.name, .email = account.email, .role = account.role}});
}

// Reads the session and its account, and remembers the result. That the session was used is noted, and written when
// nobody waits for it.
template <class Key>
LivePtr load(const Deps& deps, const Key& key, Time now) {
  const auto epochs = deps.cache.epochs();  // before the read: a revocation after it must win
  std::optional<identity::Account> account;
  auto session = deps.database.read([&](db::Tx& tx) {
    auto found = session::find(tx, key, now);
    account = found ? identity::find(tx, found->account) : std::nullopt;
    return found;
  });
  if (!session || !account || account->status != identity::Status::active) return nullptr;
  if (session::wants_touch(*session, now)) session = deps.touches.touched(*std::move(session), now);
  auto live = std::make_shared<const session::Live>(session::Live{
      .session = *session, .role = account->role, .answer = answer_for(*session, *account), .loaded_at = now});
  deps.cache.put(epochs, live);
  return live;
}

}  // namespace

std::optional<Result<http::Authentication>> Authenticator::recall(const http::Request& request,
                                                                  const http::Surface& surface, Time now) {
  const auto presented = read_credentials(deps_, request, surface, now);
  if (!presented) return Result<http::Authentication>{presented.error()};
  const auto live = from_cache(deps_.cache, *presented, now);
  if (!live || session::wants_touch(live->session, now)) return std::nullopt;
  return to_authentication(live, *presented);
}

Result<http::Authentication> Authenticator::identify(const http::Request& request, const http::Surface& surface,
                                                     Time now) {
  const Presented presented = TRY(read_credentials(deps_, request, surface, now));
  auto live = from_cache(deps_.cache, presented, now);
  if (!live || session::wants_touch(live->session, now)) {
    live = std::visit([&](const auto& key) { return load(deps_, key, now); }, key_of(presented));
  }
  return to_authentication(live, presented);
}

std::string signin_token(const http::Call& call) { return http::cookie(call.request, signin_cookie).value_or(""); }

Browser browser_of(const Deps& deps, const http::Call& call) {
  Browser browser;
  const auto known = http::cookie(call.request, known_browser::cookie_name);
  if (known) browser.known = crypto::opaque_token_hash(*known);
  for (const CredentialSource& source : call.route.surface->credentials) {
    if (!browser.session) browser.session = session_in(deps, call, source);
  }
  return browser;
}

std::vector<session::Key> presented_sessions(const Deps& deps, const http::Call& call) {
  std::vector<session::Key> keys;
  for (const CredentialSource& source : deps.cookies) {
    if (auto key = session_in(deps, call, source)) keys.push_back(*std::move(key));
  }
  return keys;
}

}  // namespace cardea::authn
