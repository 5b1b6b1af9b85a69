#pragma once
// What a post has to say when it leads to another page: once, and only to the browser that posted.

#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace cardea::page {

/// A cookie of one minute that no other site and no script can set. An address cannot say it: whoever follows a link
/// must not read that an account is deleted.
inline constexpr std::string_view said_cookie = "__Host-cardea-said";

/// What this page has to say to who asks for it: "account.saved" for the page "account".
[[nodiscard]] std::optional<std::string> said(const http::Request& request, std::string_view page);

/// Has it said, or no more.
void set_said(http::Response& response, std::string_view said);
void clear_said(http::Response& response);

}  // namespace cardea::page
