#include "http/forwarded.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "http/field.hpp"

namespace cardea::http {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Without the quotes around it, if there are any. Nothing that is looked for here needs an escape.
std::string_view unquoted(std::string_view text) {
  const bool is_quoted = text.size() >= 2 && text.starts_with('"') && text.ends_with('"');
  return is_quoted ? text.substr(1, text.size() - 2) : text;
}

/// A port, its obfuscated form "_x" (RFC 7239 §6.3), or none behind the colon.
bool is_port(std::string_view text) {
  if (text.starts_with('_')) return is_token(text);
  constexpr std::size_t most_digits = 5;
  if (text.size() > most_digits || !std::all_of(text.begin(), text.end(), is_digit)) return false;
  return text.empty() || text::parse_integer(text).value_or(-1) <= 65'535;
}

std::string_view without_zone(std::string_view text) {
  const auto mark = text.find('%');
  return mark != std::string_view::npos && is_token(text.substr(mark + 1)) ? text.substr(0, mark) : text;
}

bool is_v6_text(std::string_view text) { return text.find(':') != std::string_view::npos; }

std::optional<Address> parse_v6(std::string_view text) {
  return is_v6_text(text) ? parse_address(without_zone(text)) : std::nullopt;
}

std::optional<Address> parse_bracketed(std::string_view text) {
  const auto end = text.find(']');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view rest = text.substr(end + 1);
  if (!rest.empty() && !(rest.starts_with(':') && is_port(rest.substr(1)))) return std::nullopt;
  return parse_v6(text.substr(1, end - 1));
}

bool is_quoted_text(std::string_view text) {
  return text.size() >= 2 && text.starts_with('"') && text.ends_with('"') &&
         text.find_first_of("\"\\", 1) == text.size() - 1;
}

}  // namespace

std::optional<Address> parse_node(std::string_view text) {
  const std::string_view node = unquoted(text::trim(text));
  if (node.starts_with('[')) return parse_bracketed(node);
  const auto colon = node.find(':');
  if (colon == std::string_view::npos) return parse_address(node);
  if (node.find(':', colon + 1) != std::string_view::npos) return parse_v6(node);
  return is_port(node.substr(colon + 1)) ? parse_address(node.substr(0, colon)) : std::nullopt;
}

std::string_view forwarded_parameter(std::string_view element, std::string_view name) {
  std::string_view found;
  for (const std::string_view piece : text::split(element, ';')) {
    const std::string_view pair = text::trim(piece);
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos || !is_token(pair.substr(0, equals))) return {};
    const std::string_view value = pair.substr(equals + 1);
    // Addresses are often sent without the quotes that RFC 7239 wants around a colon or a bracket.
    const bool is_bare = !value.empty() && value.find_first_of("\"\\ \t") == std::string_view::npos;
    if (!is_bare && !is_quoted_text(value)) return {};
    if (!text::equals_ignoring_case(pair.substr(0, equals), name)) continue;
    if (!found.empty()) return {};
    found = unquoted(value);
  }
  return found;
}

std::string_view forwarded_scheme(const Headers& headers) {
  if (const auto own = list_items(headers, "X-Forwarded-Proto"); !own.empty()) return own.front();
  const auto standard = list_items(headers, "Forwarded");
  return standard.empty() ? std::string_view{} : forwarded_parameter(standard.front(), "proto");
}

}  // namespace cardea::http
