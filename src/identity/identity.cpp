#include "identity/identity.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "encoding/unicode.hpp"

namespace cardea::identity {
namespace {

constexpr std::size_t shortest = 2;

// One submitted text input and the words used about it.
struct Input {
  std::string_view field;
  Presence presence;
  std::string_view missing;    // "Enter your name."
  std::optional<std::string> value;
};

bool names(const std::vector<FieldError>& problems, std::string_view field) {
  return std::any_of(problems.begin(), problems.end(), [&](const FieldError& each) { return each.field == field; });
}

bool is_blank(const std::optional<std::string>& value) { return !value || text::trim(*value).empty(); }

// The value when there is one to check; says what is wrong when there should be one, or should not.
const std::string* present(const Input& input, std::vector<FieldError>& problems) {
  const std::string field{input.field};
  if (names(problems, field)) return nullptr;  // could not be read
  if (input.presence == Presence::off) {
    if (!is_blank(input.value)) problems.push_back({field, "unknown_field", "This is not a known field."});
    return nullptr;
  }
  if (!is_blank(input.value)) return &*input.value;
  if (input.presence == Presence::required) problems.push_back({field, field + "_missing", std::string{input.missing}});
  return nullptr;
}

bool has_length(std::string_view field, const std::string& clean, std::size_t most, std::vector<FieldError>& problems) {
  const std::size_t size = unicode::length(clean);
  const std::string name{field};
  if (size < shortest) problems.push_back({name, name + "_short", "Use at least 2 characters."});
  if (size > most) {
    problems.push_back({.field = name,
                        .code = name + "_long",
                        .detail = "Use at most " + std::to_string(most) + " characters.",
                        .limit = static_cast<std::int64_t>(most)});
  }
  return size >= shortest && size <= most;
}

std::string check_name(const Input& input, std::vector<FieldError>& problems) {
  const std::string* raw = present(input, problems);
  if (raw == nullptr) return {};
  auto clean = unicode::display_name(*raw);
  if (!clean) {
    problems.push_back({"name", "name_invalid", "Use letters, digits and punctuation only."});
    return {};
  }
  return has_length("name", *clean, longest_name, problems) ? *clean : std::string{};
}

std::optional<std::string> check_uid(const Input& input, std::vector<FieldError>& problems) {
  const std::string* raw = present(input, problems);
  if (raw == nullptr) return std::nullopt;
  if (raw->find('@') != std::string::npos) {
    problems.push_back({"uid", "uid_at_sign", "Leave out the @; that is for e-mail addresses."});
    return std::nullopt;
  }
  auto clean = unicode::user_id(text::trim(*raw));
  if (!clean) {
    problems.push_back({"uid", "uid_invalid", "Use letters, digits and . - _ only, without spaces."});
    return std::nullopt;
  }
  // Full-width and other forms can turn into an @ when they are normalised.
  if (clean->find('@') != std::string::npos) {
    problems.push_back({"uid", "uid_at_sign", "Leave out the @; that is for e-mail addresses."});
    return std::nullopt;
  }
  if (!has_length("uid", *clean, longest_uid, problems)) return std::nullopt;
  return clean;
}

std::optional<std::string> check_email(const Input& input, std::vector<FieldError>& problems) {
  const std::string* raw = present(input, problems);
  if (raw == nullptr) return std::nullopt;
  auto clean = unicode::email(text::trim(*raw));
  if (!clean) problems.push_back({"email", "email_invalid", "Enter an address like name@example.com."});
  return clean;
}

}  // namespace

void describe_signup(config::Section& signup, Settings& settings) {
  signup.choice("mode", settings.signup_mode,
                "Who may make an account: everybody, whoever has a link of `cardea user invite`, or nobody.");
  signup.choice("name", settings.name, "Whether sign-up asks for a name.");
  signup.choice("uid", settings.uid, "Whether sign-up asks for a user id.");
  signup.choice("email", settings.email, "Whether sign-up asks for an e-mail address.");
  signup.texts("reserved", settings.reserved,
               "User ids that nobody gets by signing up, in any spelling that looks the same, besides `admin`, `root`, "
               "`support` and the like. `cardea user create` may give them.");
  signup.choice("verify", settings.verify,
                "Whether an e-mail address must be confirmed, by a code or link that is sent to it, before it counts. "
                "auto: optional where mail can be sent, off where it cannot. required: and before anybody signs in to "
                "the account.");
  signup.check([&settings]() -> std::string {
    if (settings.uid == Presence::required || settings.email == Presence::required) return {};
    return "signup: nobody could sign in; make uid or email required";
  });
  signup.check([&settings]() -> std::string {
    if (!settings.requires_confirmation() || settings.email == Presence::required) return {};
    return "signup.verify: it requires an address that is confirmed; make signup.email required";
  });
  describe_addresses(signup, settings.addresses);
}

void describe_profile(config::Section& profile, Settings& settings) {
  profile.tables(
      "field", "A profile field of every account. Declaring any replaces the default set.",
      [&settings] { return settings.fields.size(); },
      [&settings](std::size_t count) { settings.fields.assign(count, Field{}); },
      [&settings](config::Section& section, std::size_t i) { describe_field(section, settings.fields[i]); });
  profile.check([&settings] { return problem_with(settings.fields); });
}

Draft check_new(const Settings& settings, const Submitted& submitted, Time now, std::vector<FieldError>& problems) {
  Draft draft;
  problems.insert(problems.end(), submitted.unread.begin(), submitted.unread.end());
  draft.name = check_name({"name", settings.name, "Enter your name.", submitted.name}, problems);
  draft.uid = check_uid({"uid", settings.uid, "Choose a user id.", submitted.uid}, problems);
  auto email = check_email({"email", settings.email, "Enter your e-mail address.", submitted.email}, problems);
  (settings.confirms_addresses() ? draft.pending_email : draft.email) = std::move(email);
  for (auto& [name, value] : read_profile(settings.fields, submitted.profile, Editor::user, now, problems)) {
    if (value) draft.profile.emplace(name, std::move(*value));
  }
  for (const auto& field : settings.fields) {
    if (auto value = default_of(field)) draft.profile.try_emplace(field.name, std::move(*value));
  }
  return draft;
}

Change check_change(const Settings& settings, const Submitted& submitted, Editor editor, Time now,
                    std::vector<FieldError>& problems) {
  Change change;
  problems.insert(problems.end(), submitted.unread.begin(), submitted.unread.end());
  // A form without the input sends nothing or an empty text; neither is a wish to lose what is stored.
  const auto is_asked = [](Presence presence, const std::optional<std::string>& value) {
    return value && !(presence == Presence::off && is_blank(value));
  };
  if (is_asked(settings.name, submitted.name)) {
    change.name = check_name({"name", settings.name, "Enter your name.", submitted.name}, problems);
  }
  if (submitted.uid && !names(problems, "uid"))
    problems.push_back({"uid", "uid_fixed", "A user id cannot be changed."});
  if (is_asked(settings.email, submitted.email)) {
    auto email = check_email({"email", settings.email, "Enter your e-mail address.", submitted.email}, problems);
    // The word of an administrator is enough, and an address is removed at once.
    if (email && settings.confirms_addresses() && editor == Editor::user) {
      change.pending_email = std::move(email);
    } else {
      change.email = std::move(email);
    }
  }
  change.profile = read_profile(settings.fields, submitted.profile, editor, now, problems);
  return change;
}

std::string username(const Account& account) { return account.uid.value_or(account.email.value_or("")); }

std::string account_label(const Account& account) { return account.uid.value_or(account.email.value_or(account.name)); }

std::string display_name(const Account& account) { return account.name.empty() ? username(account) : account.name; }

std::string identifier_key(std::string_view identifier) {
  const auto trimmed = text::trim(identifier);
  if (trimmed.find('@') != std::string_view::npos) {
    const auto email = unicode::email(trimmed);
    return email ? unicode::email_key(*email) : std::string{};
  }
  const auto uid = unicode::user_id(trimmed);
  return uid ? unicode::user_id_key(*uid) : std::string{};
}

}  // namespace cardea::identity
