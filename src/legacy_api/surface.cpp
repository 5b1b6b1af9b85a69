#include "http/problem.hpp"
#include "legacy_api/legacy_api.hpp"

namespace cardea::legacy_api {
namespace {

constexpr http::Tag tag{"Older contract",
                        "What front ends of another server were written for; docs/classic.md says more."};
constexpr CredentialSource jwt_bearer{.place = CredentialPlace::bearer, .token = &token_type};
constexpr std::array credentials{jwt_bearer, jwt_cookie};

// The contract knows few statuses: what a client could have sent better is 400.
int status_of(const ErrorKind& kind) {
  if (kind.status < 400 || kind.status > 499) return kind.status;
  switch (kind.status) {
    case 401:
    case 403:
    case 404:
    case 413:
    case 415:
    case 429: return kind.status;
    default: return 400;
  }
}

http::Response write_error(const http::Call& call, const Error& error) {
  const std::string_view message = error.fields.empty() ? error.kind->title : error.fields.front().detail;
  return http::problem(call, error, status_of(*error.kind), message);
}

}  // namespace

const http::Surface& surface() {
  static const http::Surface surface{.name = "classic",
                                     .credentials = credentials,
                                     .write_error = &write_error,
                                     .status_of = &status_of,
                                     .tag = &tag,
                                     .tolerates_trailing_slash = true,
                                     .root = "/api/"};
  return surface;
}

}  // namespace cardea::legacy_api
