#include "principal/principal.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/text.hpp"

namespace cardea {
namespace {

/// What a method shows: something one knows, something one has, or both at once.
enum class Kind { knowledge, possession, both, neither };

Kind kind_of(AuthMethod method) {
  switch (method) {
    case AuthMethod::password: return Kind::knowledge;
    case AuthMethod::totp:
    case AuthMethod::security_key:
    case AuthMethod::email_code:
    case AuthMethod::sms_code:
    case AuthMethod::recovery_code: return Kind::possession;
    case AuthMethod::passkey: return Kind::both;
    case AuthMethod::federated: return Kind::neither;
  }
  return Kind::neither;
}

std::string_view reference_of(AuthMethod method) {
  switch (method) {
    case AuthMethod::password: return "pwd";
    case AuthMethod::totp:
    case AuthMethod::email_code:
    case AuthMethod::recovery_code: return "otp";
    case AuthMethod::passkey:
    case AuthMethod::security_key: return "hwk";
    case AuthMethod::sms_code: return "sms";
    case AuthMethod::federated: return "fed";
  }
  return "";
}

void raise(std::optional<Time>& latest, Time at) { latest = latest ? std::max(*latest, at) : at; }

Shown parse_shown(std::string_view text) {
  const auto space = text.find(' ');
  const auto method = parse_enum<AuthMethod>(text.substr(0, space));
  const auto at = space == std::string_view::npos ? std::nullopt : text::parse_integer(text.substr(space + 1));
  if (!method || !at) throw std::runtime_error{"a stored assurance is damaged"};
  return {.method = *method, .at = from_micros(*at)};
}

}  // namespace

void Assurance::add(AuthMethod method, Time at) {
  const auto known = std::find_if(shown.begin(), shown.end(), [&](const Shown& each) { return each.method == method; });
  if (known == shown.end()) {
    shown.push_back({.method = method, .at = at});
  } else {
    known->at = std::max(known->at, at);
  }
}

Level Assurance::level() const { return shown_at(Level::aal2) ? Level::aal2 : Level::aal1; }

std::optional<Time> Assurance::shown_at(Level level) const {
  std::optional<Time> any;
  std::optional<Time> knowledge;
  std::optional<Time> possession;
  std::optional<Time> both;
  for (const Shown& each : shown) {
    raise(any, each.at);
    switch (kind_of(each.method)) {
      case Kind::knowledge: raise(knowledge, each.at); break;
      case Kind::possession: raise(possession, each.at); break;
      case Kind::both: raise(both, each.at); break;
      case Kind::neither: break;
    }
  }
  if (level == Level::aal1) return any;
  // An old first factor does not become fresh because the second one was shown again.
  if (knowledge && possession) raise(both, std::min(*knowledge, *possession));
  return both;
}

std::vector<std::string_view> Assurance::amr() const {
  std::vector<std::string_view> references;
  for (const Shown& each : shown) {
    const auto reference = reference_of(each.method);
    if (std::find(references.begin(), references.end(), reference) == references.end()) references.push_back(reference);
  }
  if (level() == Level::aal2) references.push_back("mfa");
  return references;
}

std::string to_text(const Assurance& assurance) {
  std::string out;
  for (const Shown& each : assurance.shown) {
    if (!out.empty()) out += ',';
    out.append(enum_text(each.method)).append(" ").append(std::to_string(to_micros(each.at)));
  }
  return out;
}

Assurance parse_assurance(std::string_view text) {
  Assurance assurance;
  if (text.empty()) return assurance;
  for (const std::string_view part : text::split(text, ',')) assurance.shown.push_back(parse_shown(part));
  return assurance;
}

}  // namespace cardea
