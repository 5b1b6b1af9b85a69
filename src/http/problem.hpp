#pragma once
// Errors on the wire (RFC 9457) and the kinds that belong to HTTP itself.

#include <array>

#include "base/error.hpp"
#include "encoding/value.hpp"
#include "http/route.hpp"

namespace cardea::http {

inline constexpr ErrorKind malformed_request{"malformed_request", 400, "The request could not be understood."};
inline constexpr ErrorKind unauthenticated{"unauthenticated", 401, "Sign in first."};
inline constexpr ErrorKind forbidden{"forbidden", 403, "You may not do this."};
inline constexpr ErrorKind reauth_required{"reauth_required", 403, "Confirm your password first."};
inline constexpr ErrorKind session_cookie_required{"session_cookie_required", 403,
                                                   "An access token cannot do this. Send the session cookie instead."};
inline constexpr ErrorKind cross_site{"cross_site", 403, "This request came from another site."};
inline constexpr ErrorKind form_expired{"form_expired", 403, "This page was open too long. Try again."};
inline constexpr ErrorKind form_of_another{"form_of_another", 403,
                                           "This page was opened before somebody else signed in."};
inline constexpr ErrorKind tls_required{"tls_required", 403, "Use HTTPS."};
inline constexpr ErrorKind method_not_allowed{"method_not_allowed", 405, "This address does not take that method."};
inline constexpr ErrorKind precondition_failed{
    "precondition_failed", 412, "This has changed since you read it. Read it again, then repeat the change."};
inline constexpr ErrorKind unknown_parameter{"unknown_parameter", 422, "This address does not take that parameter."};
inline constexpr ErrorKind too_large{"too_large", 413, "The body is too large."};
inline constexpr ErrorKind wrong_media_type{"wrong_media_type", 415, "Send the body as application/json."};
inline constexpr ErrorKind wrong_content_coding{"wrong_content_coding", 415,
                                                "Send the body as it is, without a Content-Encoding."};
inline constexpr ErrorKind headers_too_large{"headers_too_large", 431, "The request's header is too large."};
inline constexpr ErrorKind internal_error{"internal", 500, "Something went wrong on our side. Try again."};
inline constexpr ErrorKind unknown_transfer_coding{
    "unknown_transfer_coding", 501, "Send the body with a Content-Length, or chunked and without another coding."};
using cardea::overloaded;
inline constexpr ErrorKind request_timeout{"request_timeout", 408, "The request took too long to arrive."};

/// The kinds above, for the catalogue.
inline constexpr std::array own_errors{&malformed_request,
                                       &unauthenticated,
                                       &forbidden,
                                       &reauth_required,
                                       &session_cookie_required,
                                       &cross_site,
                                       &form_expired,
                                       &form_of_another,
                                       &tls_required,
                                       &method_not_allowed,
                                       &request_timeout,
                                       &too_large,
                                       &wrong_media_type,
                                       &wrong_content_coding,
                                       &precondition_failed,
                                       &unknown_parameter,
                                       &headers_too_large,
                                       &internal_error,
                                       &unknown_transfer_coding,
                                       &overloaded};

/// JSON response with the right Content-Type.
[[nodiscard]] Response json(int status, ResponseBody body);
template <class T>
[[nodiscard]] Response json(const T& object, int status = 200) {
  return json(status, wire::write(object));
}
/// 204.
[[nodiscard]] Response no_content();

/// The status of its kind, as most surfaces have it.
[[nodiscard]] int own_status(const ErrorKind& kind);

/// Sets Retry-After (whole seconds, rounded up, at least 1) for 429, 503 and whenever the error names a wait; but not
/// for a fault that waiting does not mend.
void add_retry_after(Response& response, const Error& error);

/// application/problem+json: type, title, status, code, detail, instance, request_id, errors[], with Retry-After and,
/// for 401, WWW-Authenticate. `message` is one more member, of surfaces that have it.
[[nodiscard]] Response problem(const Call& call, const Error& error, int status,
                               std::optional<std::string_view> message = {});
/// The same as an ErrorWriter.
[[nodiscard]] Response write_problem(const Call& call, const Error& error);

}  // namespace cardea::http
