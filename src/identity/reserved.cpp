#include "identity/reserved.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/id.hpp"
#include "base/text.hpp"
#include "encoding/unicode.hpp"

namespace cardea::identity {
namespace {

constexpr std::array<std::string_view, 40> names{
    "abuse",    "account",  "admin",    "administrator", "anonymous", "api",        "auditor", "billing",
    "cardea",   "contact",  "everyone", "help",          "helpdesk",  "hostmaster", "info",    "login",
    "logout",   "mailer",   "me",       "moderator",     "mod",       "nobody",     "noreply", "null",
    "official", "operator", "owner",    "postmaster",    "root",      "security",   "self",    "service",
    "signin",   "signup",   "staff",    "superuser",     "support",   "sysadmin",   "system",  "webmaster"};

/// What is left of an id for the eye. In the skeleton, m is rn and w is vv already.
std::string seen(std::string_view user_id) {
  std::string text;
  for (const char c : unicode::confusable_skeleton(user_id)) {
    const bool is_punctuation = c > ' ' && c < 0x7f && std::isalnum(static_cast<unsigned char>(c)) == 0;
    if (!is_punctuation) text += c;
  }
  return text;
}

/// Three letters, "_" and 26 letters or digits, in any case.
bool has_form_of_id(std::string_view user_id) {
  constexpr std::size_t prefix = 4;
  if (user_id.size() != prefix + raw_id_digits || user_id[prefix - 1] != '_') return false;
  return std::all_of(user_id.begin(), user_id.end(), [](unsigned char c) { return c == '_' || std::isalnum(c) != 0; });
}

}  // namespace

bool is_reserved(std::string_view user_id, const std::vector<std::string>& more) {
  const std::string shape = seen(user_id);
  if (shape.empty() || has_form_of_id(user_id)) return true;
  const auto looks_so = [&shape](std::string_view name) { return seen(name) == shape; };
  return std::any_of(names.begin(), names.end(), looks_so) || std::any_of(more.begin(), more.end(), looks_so);
}

}  // namespace cardea::identity
