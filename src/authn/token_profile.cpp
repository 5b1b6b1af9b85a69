#include "authn/token_profile.hpp"

#include <algorithm>
#include <array>

namespace cardea::authn {
namespace {

constexpr std::array<std::string_view, 4> own_claims{"uid", "name", "role", "email"};
constexpr std::string_view email_verified = "email_verified";
// In a header of 8 KiB, base64 and the other claims included.
constexpr std::int64_t most_bytes = 4900;
constexpr std::int64_t bytes_of_a_character = 4;

bool is_own(std::string_view name) { return std::find(own_claims.begin(), own_claims.end(), name) != own_claims.end(); }

bool may_be_claimed(const identity::Field& field) {
  return field.see != identity::Visibility::admin && field.type != identity::FieldType::json &&
         !token::is_reserved_claim(field.name);
}

std::int64_t longest(const identity::Settings& identity, std::string_view name) {
  constexpr std::int64_t of_other_types = 20;
  if (name == "email") return 320;
  if (name == "uid") return bytes_of_a_character * static_cast<std::int64_t>(identity::longest_uid);
  if (name == "name") return bytes_of_a_character * static_cast<std::int64_t>(identity::longest_name);
  const auto* field = identity::find_field(identity.fields, name);
  const bool is_text = field != nullptr && field->type == identity::FieldType::text;
  return is_text ? bytes_of_a_character * field->most() : of_other_types;
}

std::string problem_with_name(const identity::Settings& identity, std::string_view name) {
  if (is_own(name)) return {};
  if (token::is_reserved_claim(name)) return "means something else in a token";
  const auto* field = identity::find_field(identity.fields, name);
  if (field != nullptr && field->type == identity::FieldType::json)
    return "may hold any JSON, and a claim is one value";
  if (field == nullptr) return R"(is neither "uid", "name", "role", "email" nor a profile field)";
  return may_be_claimed(*field) ? "" : "is a field that only administrators see, and whoever has a token can read it";
}

wire::Value value_of(const identity::Settings& identity, const identity::Account& account, std::string_view name) {
  const auto text = [](const std::optional<std::string>& value) {
    return value && !value->empty() ? wire::Value{*value} : wire::Value{nullptr};
  };
  if (name == "uid") return text(account.uid);
  if (name == "name") return text(account.name);
  if (name == "email") return text(account.email);
  if (name == "role") return enum_text(account.role);
  const auto* field = identity::find_field(identity.fields, name);
  const auto at = account.profile.find(name);
  if (field == nullptr || at == account.profile.end()) return nullptr;
  return identity::to_wire(*field, at->second);
}

}  // namespace

std::vector<std::string> claim_names(const identity::Settings& settings) {
  std::vector<std::string> names{own_claims.begin(), own_claims.end()};
  names.emplace_back(email_verified);
  for (const auto& field : settings.fields) {
    if (may_be_claimed(field)) names.push_back(field.name);
  }
  return names;
}

std::string problem_with_claims(const token::Settings& settings, const identity::Settings& identity) {
  std::int64_t bytes = 0;
  for (const auto& name : settings.claims) {
    auto problem = problem_with_name(identity, name);
    if (std::count(settings.claims.begin(), settings.claims.end(), name) > 1) problem = "is there twice";
    if (!problem.empty()) return std::string{"\""}.append(name).append("\" ").append(problem);
    bytes += longest(identity, name);
  }
  if (bytes <= most_bytes) return {};
  return "together they may have " + std::to_string(bytes) + " bytes, and a token has room for " +
         std::to_string(most_bytes) + "; name fewer, or give profile fields a smaller max";
}

wire::Object profile_claims(const token::Settings& settings, const identity::Settings& identity,
                            const identity::Account& account) {
  wire::Object claims;
  for (const auto& name : settings.claims) {
    auto value = value_of(identity, account, name);
    if (value.is<std::nullptr_t>()) continue;
    claims.push_back({name, std::move(value)});
    if (name == "email") claims.push_back({std::string{email_verified}, false});
  }
  return claims;
}

}  // namespace cardea::authn
