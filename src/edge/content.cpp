#include "edge/content.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "http/field.hpp"

namespace cardea::edge {

bool is_sendable(const http::Response& response) {
  if (response.status < 200 || response.status > 599) return false;
  return std::ranges::all_of(response.headers.fields(), [](const http::Header& field) {
    return field.is_constant || (http::is_token(field.name) && http::is_field_value(field.value));
  });
}

bool is_for_edge(std::string_view name) {
  const auto is = [name](std::string_view other) { return text::equals_ignoring_case(name, other); };
  switch (name.size()) {
    case 4: return is("date");
    case 10: return is("connection");
    case 14: return is("content-length");
    case 17: return is("transfer-encoding");
    default: return false;
  }
}

}  // namespace cardea::edge
