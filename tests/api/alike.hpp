#pragma once
// For comparing answers that should tell the same to everybody.

#include <string>
#include <string_view>

namespace cardea::api_tests {

/// A body without what is other for each request.
inline std::string without_id(std::string body) {
  constexpr std::string_view name = R"(,"request_id":")";
  const auto at = body.find(name);
  if (at != std::string::npos) body.erase(at, body.find('"', at + name.size()) + 1 - at);
  return body;
}

}  // namespace cardea::api_tests
