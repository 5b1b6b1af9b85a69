#include "authn/proof.hpp"

#include <stdexcept>

#include "base/text.hpp"

namespace cardea::authn {
namespace {

Evidence parse_one(std::string_view text) {
  const auto parts = text::split(text, ' ');
  const auto method = parts.size() == 3 ? parse_enum<AuthMethod>(parts[0]) : std::nullopt;
  const auto at = parts.size() == 3 ? text::parse_integer(parts[1]) : std::nullopt;
  if (!method || !at) throw std::runtime_error{"a stored proof is damaged"};
  return {.method = *method, .at = from_micros(*at), .detail = std::string{parts[2]}};
}

}  // namespace

std::string to_text(const std::vector<Evidence>& evidence) {
  std::string out;
  for (const Evidence& each : evidence) {
    if (!out.empty()) out += ';';
    out.append(enum_text(each.method)).append(" ").append(std::to_string(to_micros(each.at)));
    out.append(" ").append(each.detail);
  }
  return out;
}

std::vector<Evidence> parse_evidence(std::string_view text) {
  std::vector<Evidence> evidence;
  if (text.empty()) return evidence;
  for (const std::string_view part : text::split(text, ';')) evidence.push_back(parse_one(part));
  return evidence;
}

Assurance assurance_of(const std::vector<Evidence>& evidence) {
  Assurance assurance;
  for (const Evidence& each : evidence) assurance.add(each.method, each.at);
  return assurance;
}

}  // namespace cardea::authn
