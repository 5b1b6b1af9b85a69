#pragma once

#include <string>
#include <string_view>

namespace cardea::self_service {

/// A User-Agent header in words for people: {"Firefox on Linux", "computer"}. A guess for display, never for decisions.
struct Browser {
  std::string name;
  std::string type;  // "phone" or "computer"
};
[[nodiscard]] Browser describe_browser(std::string_view user_agent);

}  // namespace cardea::self_service
