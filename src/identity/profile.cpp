#include "identity/profile.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "encoding/json_pointer.hpp"
#include "encoding/unicode.hpp"

namespace cardea::identity {
namespace {

// Members of an account that a declared field may not shadow.
constexpr std::array<std::string_view, 23> reserved{"id",
                                                    "uid",
                                                    "name",
                                                    "email",
                                                    "password",
                                                    "password_confirm",
                                                    "current_password",
                                                    "status",
                                                    "role",
                                                    "is_admin",
                                                    "created_at",
                                                    "updated_at",
                                                    "csrf",
                                                    "next",
                                                    "user",
                                                    "session",
                                                    "token",
                                                    "jwt",
                                                    "message",
                                                    "state",
                                                    "userID",
                                                    "remember",
                                                    "invitation"};

constexpr std::int64_t exact_integers = (std::int64_t{1} << 53) - 1;
constexpr std::int64_t longest_text = 1000;
constexpr std::int64_t longest_json = 4000;
constexpr wire::Limits any_stored{.depth = 32, .members = 1'000'000};  // more than any set that is declared

/// Whether every text in a value is text as a field may hold it: no control characters but those of lines.
bool is_clean(const wire::Value& value) {
  if (const auto* words = value.get<std::string>()) {
    std::string line = *words;
    std::replace_if(line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    return line.empty() || unicode::opaque_string(line).has_value();
  }
  if (const auto* items = value.get<wire::Array>()) return std::all_of(items->begin(), items->end(), is_clean);
  if (const auto* members = value.get<wire::Object>()) {
    return std::all_of(members->begin(), members->end(), [](const wire::Member& member) {
      return is_clean(wire::Value{member.name}) && is_clean(member.value);
    });
  }
  return true;
}

struct Reading {
  const Field& field;
  Time now;
  std::vector<FieldError>& problems;

  std::optional<ProfileValue> fail(std::string code, std::string detail, std::string_view variant = {},
                                   std::optional<std::int64_t> limit = {}) {
    problems.push_back({field.name, std::move(code), std::move(detail), variant, limit});
    return std::nullopt;
  }

  std::optional<ProfileValue> too_long() {
    return fail("too_long", "Use at most " + std::to_string(field.most()) + " characters.", {}, field.most());
  }

  std::optional<ProfileValue> integer(std::int64_t number) {
    const auto least = field.least(), most = field.most();
    if (number < least) return fail("out_of_range", "Use " + std::to_string(least) + " or more.", "low", least);
    if (number > most) return fail("out_of_range", "Use " + std::to_string(most) + " or less.", "high", most);
    return ProfileValue{number};
  }

  std::optional<ProfileValue> text(const std::string& raw) {
    const auto least = field.least(), most = field.most();
    // Before anything is normalised: a code point has at most four bytes, and room for what composes into one.
    if (std::ssize(raw) / 16 > most) return too_long();
    const auto clean = unicode::opaque_string(raw);
    if (!clean) return fail("text_invalid", "Use letters, digits and punctuation only.");
    const auto size = static_cast<std::int64_t>(unicode::length(*clean));
    if (size < least) return fail("too_short", "Use at least " + std::to_string(least) + " characters.", "text", least);
    if (size > most) return too_long();
    return ProfileValue{*clean};
  }

  std::optional<ProfileValue> date(const std::string& raw) {
    const auto day = parse_date(raw);
    if (!day) return fail("date_format", "Enter a date that exists, as yyyy-mm-dd.");
    const auto today = std::chrono::floor<std::chrono::days>(now);
    if (std::chrono::sys_days{*day} >= today) return fail("date_in_future", "Enter a date in the past.");
    if (day->year() < std::chrono::year{1900}) return fail("out_of_range", "Enter a date after 1900.", "date");
    return ProfileValue{raw};
  }

  std::optional<ProfileValue> json(const wire::Value& value) {
    if (const auto* words = value.get<std::string>()) return text(*words);
    if (const auto* number = value.get<std::int64_t>()) return ProfileValue{*number};
    std::string written = wire::to_json(value);
    if (std::ssize(written) > field.most()) {
      return fail("too_long", "Use at most " + std::to_string(field.most()) + " bytes of JSON.", {}, field.most());
    }
    if (!is_clean(value)) return fail("text_invalid", "Use letters, digits and punctuation only.");
    return ProfileValue{Json{std::move(written)}};
  }

  std::optional<ProfileValue> from(const wire::Value& value) {
    const auto* words = value.get<std::string>();
    switch (field.type) {
      case FieldType::text:
        if (words != nullptr) return text(*words);
        return fail("wrong_type", "This must be text.", "text");
      case FieldType::date:
        if (words != nullptr) return date(*words);
        return fail("wrong_type", "Enter a date as text, yyyy-mm-dd.", "date");
      case FieldType::boolean:
        if (const auto* flag = value.get<bool>()) return ProfileValue{std::int64_t{*flag ? 1 : 0}};
        return fail("wrong_type", "Choose yes or no.", "boolean");
      case FieldType::integer:
        if (const auto* number = value.get<std::int64_t>()) return integer(*number);
        return fail("wrong_type", "Enter a whole number.", "integer");
      case FieldType::json: return json(value);
    }
    return std::nullopt;
  }
};

bool clears(const Field& field, const wire::Value& value) {
  if (value.is<std::nullptr_t>()) return true;
  const bool is_written =
      field.type == FieldType::text || field.type == FieldType::date || field.type == FieldType::json;
  const auto* raw = value.get<std::string>();
  return is_written && raw != nullptr && raw->empty();
}

bool is_plain(std::string_view name) {
  return !name.empty() && name.size() <= 40 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// What is wrong with one declaration by itself; empty when nothing is.
std::string problem_with(const Field& field) {
  if (!is_plain(field.name)) return "use a name of a-z, 0-9 and _, 40 at most";
  if (std::find(reserved.begin(), reserved.end(), field.name) != reserved.end()) {
    return "this name belongs to the account itself";
  }
  if (field.least() > field.most()) return "min is above max";
  if (field.see == Visibility::admin && field.edit == Editor::user) {
    return "users cannot edit what only administrators see; add edit = \"admin\", or let see be \"self\" or \"public\"";
  }
  std::vector<FieldError> problems;
  if (!field.default_value.empty()) {
    (void)Reading{field, Time::max(), problems}.from(from_text(field, field.default_value));
  }
  return problems.empty() ? std::string{} : "default: " + problems.front().detail;
}

}  // namespace

std::int64_t Field::least() const {
  if (min != INT64_MIN) return min;
  return type == FieldType::integer ? -exact_integers : 0;
}

std::int64_t Field::most() const {
  if (max != INT64_MAX) return max;
  if (type == FieldType::json) return longest_json;
  return type == FieldType::integer ? exact_integers : longest_text;
}

bool Field::is_sortable() const { return type == FieldType::integer && see == Visibility::everyone; }

std::vector<Field> default_fields() {
  return {
      {.name = "dob", .type = FieldType::date, .see = Visibility::self, .on_signup = false},
      {.name = "tracking",

       .type = FieldType::json,
       .see = Visibility::everyone,
       .on_signup = false},
      {.name = "exercise",

       .type = FieldType::json,
       .see = Visibility::everyone,
       .on_signup = false},
      {.name = "coins",

       .type = FieldType::integer,
       .edit = Editor::admin,
       .see = Visibility::everyone,
       .default_value = "0",
       .min = 0,
       .max = 1'000'000'000'000,
       .on_signup = false},
  };
}

void describe_field(config::Section& section, Field& field) {
  section.text("name", field.name, "The member's name in the API, and the input's name on pages.");
  section.text(
      "label", field.label,
      "What people read. Empty: the name, or in the reader's language for the fields that are there by default.");
  section.choice("type", field.type,
                 "What it holds. \"json\" is text or any other JSON, such as a list of objects; a page shows that as "
                 "it is written.");
  section.choice("edit", field.edit, "Who may change it. What only administrators see is theirs to edit.");
  section.choice("see", field.see, "Who may read it.");
  section.flag("on_signup", field.on_signup,
               "Whether the page of sign-up asks for it. The profile's page always does.");
  section.text("default", field.default_value,
               "The value a new account starts with, as text, and an emptied field goes back to. Empty: none.");
  section.integer("min", field.min, "Lowest integer, or fewest characters. Unless declared: -9007199254740991, or 0.",
                  {.min = INT64_MIN, .max = INT64_MAX});
  section.integer("max", field.max,
                  "Highest integer, most characters, or most bytes of JSON that is no text. Unless declared: "
                  "9007199254740991, 1000, or 4000 for json.",
                  {.min = INT64_MIN, .max = INT64_MAX});
}

std::string problem_with(const std::vector<Field>& fields) {
  for (const auto& field : fields) {
    auto problem = problem_with(field);
    if (std::count_if(fields.begin(), fields.end(), [&](const Field& other) { return other.name == field.name; }) > 1) {
      problem = "declared twice";
    }
    if (!problem.empty()) return "profile.field \"" + field.name + "\": " + problem;
  }
  return {};
}

const Field* find_field(const std::vector<Field>& fields, std::string_view name) {
  const auto at = std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return field.name == name; });
  return at == fields.end() ? nullptr : &*at;
}

wire::Value from_text(const Field& field, const std::string& words) {
  if (words.empty()) return nullptr;
  switch (field.type) {
    case FieldType::text:
    case FieldType::date: return words;
    case FieldType::boolean:
      if (words == "true" || words == "on") return true;
      if (words == "false") return false;
      return words;
    case FieldType::integer:
      if (const auto number = text::parse_integer(words)) return *number;
      return words;
    case FieldType::json:
      // A number or "true" that somebody types is text to them.
      if (words.front() == '[' || words.front() == '{') {
        if (auto value = wire::parse(words)) return std::move(value).value();
      }
      return words;
  }
  return words;
}

ProfileChange read_profile(const std::vector<Field>& fields, const wire::Object& members, Editor editor, Time now,
                           std::vector<FieldError>& problems) {
  ProfileChange change;
  for (const auto& [name, value] : members) {
    const Field* field = find_field(fields, name);
    if (field == nullptr || (field->see == Visibility::admin && editor == Editor::user)) {
      problems.push_back({encoding::pointer_step(name), "unknown_field", "This is not a known field."});
    } else if (field->edit == Editor::admin && editor == Editor::user) {
      problems.push_back({name, "field_read_only", "Only an administrator may change this."});
    } else if (clears(*field, value)) {
      change[name] = default_of(*field);
    } else if (auto read = Reading{*field, now, problems}.from(value)) {
      change[name] = std::move(*read);
    }
  }
  return change;
}

ProfileView::ProfileView(const Profile& profile) {
  for (const auto& member : profile) {
    if (const auto* json = std::get_if<Json>(&member.second)) {
      add(member.first, JsonView{json->text});
    } else if (const auto* words = std::get_if<std::string>(&member.second)) {
      add(member.first, std::string_view{*words});
    } else {
      add(member.first, std::get<std::int64_t>(member.second));
    }
  }
}

const ProfileValueView* ProfileView::find(std::string_view name) const {
  for (const auto& member : *this) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

wire::Value to_wire(const Field& field, const ProfileValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    return field.type == FieldType::boolean ? wire::Value{*number != 0} : wire::Value{*number};
  }
  if (const auto* json = std::get_if<Json>(&value)) return wire::parse(json->text, any_stored).value();
  return std::get<std::string>(value);
}

std::optional<ProfileValue> default_of(const Field& field) {
  if (field.default_value.empty()) return std::nullopt;
  switch (field.type) {
    case FieldType::integer: {
      const auto number = text::parse_integer(field.default_value);
      return number ? std::optional<ProfileValue>{*number} : std::nullopt;
    }
    case FieldType::boolean: return ProfileValue{std::int64_t{from_text(field, field.default_value) == true ? 1 : 0}};
    case FieldType::text:
    case FieldType::date: return ProfileValue{field.default_value};
    case FieldType::json: {
      const wire::Value value = from_text(field, field.default_value);
      return value.is<std::string>() ? ProfileValue{field.default_value} : ProfileValue{Json{wire::to_json(value)}};
    }
  }
  return std::nullopt;
}

}  // namespace cardea::identity
