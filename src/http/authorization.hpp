#pragma once
// The header Authorization, read in one place: what it means for credentials and for the cross-site rule is the same.

#include <optional>
#include <string_view>

#include "http/message.hpp"

namespace cardea::http {

/// What stands behind the scheme Bearer, in whatever case and after however many spaces (RFC 9110 §11.1, §11.4); empty
/// where nothing does. Absent without the header, and for every other scheme: what a gateway, a browser or a tool adds
/// there is for somebody else, so it is no credential, neither a good one nor a bad one. A view into the headers.
[[nodiscard]] std::optional<std::string_view> bearer_token(const Headers& headers);

}  // namespace cardea::http
