#include "http/authorization.hpp"

#include "base/text.hpp"

namespace cardea::http {

std::optional<std::string_view> bearer_token(const Headers& headers) {
  const std::string_view value = text::trim(headers.get("Authorization"));
  constexpr std::string_view scheme = "Bearer";
  if (!text::equals_ignoring_case(value.substr(0, scheme.size()), scheme)) return std::nullopt;
  const std::string_view rest = value.substr(scheme.size());
  const bool is_scheme = rest.empty() || rest.front() == ' ' || rest.front() == '\t';
  return is_scheme ? std::optional{text::trim(rest)} : std::nullopt;
}

}  // namespace cardea::http
