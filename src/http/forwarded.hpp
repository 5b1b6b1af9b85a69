#pragma once
// What reverse proxies write of the client in front of them. How it is spelt, not whether it is true.

#include <optional>
#include <string_view>

#include "http/address.hpp"
#include "http/message.hpp"

namespace cardea::http {

/// One item of X-Forwarded-For, or the value of `for` in Forwarded (RFC 7239 §6), in any spelling that means one
/// address: alone or with a port, IPv6 in brackets or without, a zone, in quotes. IPv6 with a port needs the brackets.
/// Absent for "unknown", an obfuscated identifier and anything else.
[[nodiscard]] std::optional<Address> parse_node(std::string_view text);

/// The value of a parameter of one element of Forwarded (RFC 7239 §4), without its quotes. Empty where the parameter is
/// missing or twice, and where any part of the element is malformed.
[[nodiscard]] std::string_view forwarded_parameter(std::string_view element, std::string_view name);

/// The scheme that the client itself spoke: each proxy adds what it saw, so it is the first item of X-Forwarded-Proto,
/// or of Forwarded where that is missing. A view into the headers; empty where nothing is said.
[[nodiscard]] std::string_view forwarded_scheme(const Headers& headers);

}  // namespace cardea::http
