#include "http/authorization.hpp"

#include "base/text.hpp"

namespace cardea::http {

std::optional<std::string_view> bearer_token(const Headers& headers) {
  const std::string_view value = text::trim(headers.get("Authorization"));
  const auto end = value.find_first_of(" \t");
  if (!text::equals_ignoring_case(value.substr(0, end), "Bearer")) return std::nullopt;
  return end == std::string_view::npos ? std::string_view{} : text::trim(value.substr(end));
}

}  // namespace cardea::http
