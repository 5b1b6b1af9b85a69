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

template <class Values>
auto find_text(const Values& values, std::string_view text) -> std::optional<typename Values::value_type> {
  const auto at = std::find_if(values.begin(), values.end(), [&](const auto value) { return to_text(value) == text; });
  return at == values.end() ? std::nullopt : std::optional{*at};
}

void raise(std::optional<Time>& latest, Time at) { latest = latest ? std::max(*latest, at) : at; }

Shown parse_shown(std::string_view text) {
  const auto space = text.find(' ');
  const auto method = parse_auth_method(text.substr(0, space));
  const auto at = space == std::string_view::npos ? std::nullopt : text::parse_integer(text.substr(space + 1));
  if (!method || !at) throw std::runtime_error{"a stored assurance is damaged"};
  return {.method = *method, .at = from_micros(*at)};
}

}  // namespace

std::string_view to_text(AuthMethod method) {
  switch (method) {
    case AuthMethod::password: return "password";
    case AuthMethod::totp: return "totp";
    case AuthMethod::passkey: return "passkey";
    case AuthMethod::security_key: return "security_key";
    case AuthMethod::email_code: return "email_code";
    case AuthMethod::sms_code: return "sms_code";
    case AuthMethod::recovery_code: return "recovery_code";
    case AuthMethod::federated: return "federated";
  }
  return "";
}

std::optional<AuthMethod> parse_auth_method(std::string_view text) { return find_text(all_auth_methods, text); }

std::string_view to_text(Level level) {
  switch (level) {
    case Level::aal1: return "aal1";
    case Level::aal2: return "aal2";
  }
  return "";
}

std::string_view to_text(Role role) {
  switch (role) {
    case Role::owner: return "owner";
    case Role::admin: return "admin";
    case Role::support: return "support";
    case Role::auditor: return "auditor";
    case Role::user: return "user";
  }
  return "";
}

std::optional<Role> parse_role(std::string_view text) { return find_text(all_roles, text); }

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
    out.append(to_text(each.method)).append(" ").append(std::to_string(to_micros(each.at)));
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
