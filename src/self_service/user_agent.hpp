#pragma once

#include <string_view>

namespace cardea::self_service {

/// What a User-Agent header says of a device: {"Firefox", "Linux", "computer"}. A guess for display, never for
/// decisions.
struct Browser {
  std::string_view program;  // empty: unknown
  std::string_view system;  // empty: unknown
  std::string_view type;  // "phone" or "computer"
};
[[nodiscard]] Browser describe_browser(std::string_view user_agent);

}  // namespace cardea::self_service
