#pragma once
// Entity tags of single resources (RFC 9110 §8.8.3), and the conditions that clients put on them (§13.1).

#include <string>
#include <string_view>

#include "http/message.hpp"

namespace cardea::http {

/// The strong tag of a representation, quotes included: the same bytes have the same tag.
[[nodiscard]] std::string etag_of(std::string_view body);

/// Whether If-Match lets a change go on: it is not there, or is "*", or has the tag of what is there now. Weak tags
/// match nothing.
[[nodiscard]] bool meets_if_match(const Headers& headers, std::string_view current);
/// Whether If-None-Match says that the client has this already.
[[nodiscard]] bool has_already(const Headers& headers, std::string_view tag);

}  // namespace cardea::http
