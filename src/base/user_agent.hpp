#pragma once
// What a User-Agent header says to a reader.

#include <string_view>

namespace cardea {

/// {"Firefox", "Linux", "computer"}. A guess for display, never for decisions.
struct BrowserHint {
  std::string_view program;  // empty: unknown
  std::string_view system;  // empty: unknown
  std::string_view type;  // "phone" or "computer"
};
[[nodiscard]] BrowserHint describe_browser(std::string_view user_agent);

}  // namespace cardea
