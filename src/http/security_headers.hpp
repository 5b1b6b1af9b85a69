#pragma once
// The headers that every response carries.

#include <string_view>

#include "http/message.hpp"

namespace cardea::http {

/// Who may embed or read a response as a subresource.
enum class Reach { same_origin, same_site, cross_origin };

/// Adds what the handler did not set itself: Content-Security-Policy (a page's or the one that allows nothing),
/// Cross-Origin-*, Referrer-Policy, nosniff, Permissions-Policy and Cache-Control: no-store; gives text a charset.
void add_security_headers(Response& response, Reach reach);

/// A year, with subdomains (RFC 6797).
inline constexpr std::string_view hsts_value = "max-age=31536000; includeSubDomains";

/// True when every name is a token and no value holds a control character, so that a response cannot be split.
[[nodiscard]] bool are_safe(const Headers& headers);

}  // namespace cardea::http
