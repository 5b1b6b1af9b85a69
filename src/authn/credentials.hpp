#pragma once
// The credentials of a request: the one place that reads them.

#include <memory>
#include <vector>

#include "authn/authn.hpp"
#include "http/pipeline.hpp"

namespace cardea::authn {

inline constexpr std::string_view signin_cookie = "__Host-cardea-signin";

/// Reads the credentials that a surface names: a bearer token, or a cookie with a session's token or a signed one. The
/// first of the surface's list that is present decides: an invalid bearer token is refused even beside a valid cookie.
/// A token lives only as long as its session. Thread-safe.
class Authenticator : public http::Authenticator {
 public:
  explicit Authenticator(const Deps& deps) : deps_(deps) {}

  std::optional<Result<http::Authentication>> recall(const http::Request& request, const http::Surface& surface,
                                                     Time now) override;
  Result<http::Authentication> identify(const http::Request& request, const http::Surface& surface, Time now) override;

 private:
  const Deps& deps_;
};

/// A live session and its account, which is active.
struct Holder {
  session::Session session;
  identity::Account account;
};
/// Whose session a key belongs to, from the database. That the session was used is noted, and written when nobody waits
/// for it. Absent: it has ended, or the account is not active.
[[nodiscard]] std::optional<Holder> find_holder(const Deps& deps, const session::Key& key, Time now);

/// What the client of a call sends besides its credentials.
[[nodiscard]] Browser browser_of(const Deps& deps, const http::Call& call);
/// Keys of every session that the cookies of a request hold, of whatever surface, and its bearer token where a surface
/// takes one.
[[nodiscard]] std::vector<session::Key> presented_sessions(const Deps& deps, const http::Call& call);
/// The token of the pending sign-in; empty when there is none.
[[nodiscard]] std::string signin_token(const http::Call& call);

}  // namespace cardea::authn
