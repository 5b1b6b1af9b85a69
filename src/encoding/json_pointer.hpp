#pragma once
// JSON Pointers (RFC 6901), which name a place in a document.

#include <string>
#include <string_view>

namespace cardea::encoding {

/// A member's name as one step of a pointer: "~" and "/" are escaped (RFC 6901 §3).
[[nodiscard]] inline std::string pointer_step(std::string_view name) {
  std::string step;
  for (const char c : name) {
    if (c == '~') {
      step += "~0";
    } else if (c == '/') {
      step += "~1";
    } else {
      step += c;
    }
  }
  return step;
}

}  // namespace cardea::encoding
