#pragma once
// What is said of a client.

#include <string>
#include <string_view>

#include "page/words.hpp"

namespace cardea::page {

/// "Firefox on Linux", by its User-Agent header; the words for an unknown one when it says nothing.
[[nodiscard]] std::string browser_text(const Words& words, std::string_view user_agent);

}  // namespace cardea::page
