#pragma once
// Flash messages: what a post has the next page say, once, and only to the browser that posted.

#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace cardea::page {

/// A cookie of one minute that no other site and no script can set. An address cannot say it: whoever follows a link
/// must not read that an account is deleted.
inline constexpr std::string_view flash_cookie = "__Host-cardea-said";

/// The message for this page, when the request carries one: "account.saved" for the page "account".
[[nodiscard]] std::optional<std::string> flash(const http::Request& request, std::string_view page);

/// Sets the message, or removes it.
void set_flash(http::Response& response, std::string_view flash);
void clear_flash(http::Response& response);

}  // namespace cardea::page
