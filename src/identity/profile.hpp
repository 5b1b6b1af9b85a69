#pragma once
// Profile fields declared in the configuration: their types, limits, and who may edit and see them.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/enum_text.hpp"
#include "base/error.hpp"
#include "base/small_vector.hpp"
#include "base/time.hpp"
#include "base/variant.hpp"
#include "config/section.hpp"
#include "encoding/value.hpp"

namespace cardea::identity {

enum class FieldType { text, integer, date, boolean, json };
constexpr auto enum_texts(FieldType) {
  return std::to_array<EnumText<FieldType>>({{FieldType::text, "text"},
                                             {FieldType::integer, "integer"},
                                             {FieldType::date, "date"},
                                             {FieldType::boolean, "boolean"},
                                             {FieldType::json, "json"}});
}

/// Ordered from the widest circle to the narrowest.
enum class Visibility { everyone, self, admin };
constexpr auto enum_texts(Visibility) {
  return std::to_array<EnumText<Visibility>>(
      {{Visibility::everyone, "public"}, {Visibility::self, "self"}, {Visibility::admin, "admin"}});
}

enum class Editor { user, admin };
constexpr auto enum_texts(Editor) {
  return std::to_array<EnumText<Editor>>({{Editor::user, "user"}, {Editor::admin, "admin"}});
}

/// One declared field.
struct Field {
  std::string name;
  std::string label;                 // shown on pages; empty: the name
  FieldType type = FieldType::text;
  Editor edit = Editor::user;        // who may change it
  Visibility see = Visibility::self; // who may read it
  std::string default_value;         // "" for none
  std::int64_t min = INT64_MIN;      // integer: lowest value; text: fewest code points. INT64_MIN: not declared
  std::int64_t max = INT64_MAX;      // integer: highest value; text: most code points. INT64_MAX: not declared
      // json: text likewise, anything else by the bytes that it has when it is written
  bool on_signup = true;             // whether the page of sign-up asks for it; every surface takes it there

  /// The limits in force: those declared, or else 0 to 1000 code points of text, 0 to 4000 of JSON, and for integers
  /// the range that every reader of JSON holds exactly (RFC 8259 section 6).
  [[nodiscard]] std::int64_t least() const;
  [[nodiscard]] std::int64_t most() const;
  /// A public integer can order the user list.
  [[nodiscard]] bool is_sortable() const;
};

/// The set an installation starts with: dob, tracking, exercise, coins.
[[nodiscard]] std::vector<Field> default_fields();
void describe_field(config::Section& section, Field& field);
/// What is wrong with a declared set; empty when nothing is.
[[nodiscard]] std::string problem_with(const std::vector<Field>& fields);

/// A value of a json field that is neither a text nor a whole number, as it is written.
struct Json {
  std::string text;
  bool operator==(const Json&) const = default;
};

/// A value: text and dates ("yyyy-mm-dd") as text, integers and booleans (0, 1) as integers; of a json field text and
/// whole numbers likewise, so that a field may become one and keep what accounts have.
using ProfileValue = Variant<std::string, std::int64_t, Json>;
using Profile = std::map<std::string, ProfileValue, std::less<>>;

/// A profile to look at, valid as long as what it was made from.
struct JsonView {
  std::string_view text;
};
using ProfileValueView = std::variant<std::string_view, std::int64_t, JsonView>;
class ProfileView {
 public:
  struct Member {
    std::string_view name;
    ProfileValueView value;
  };

  ProfileView() = default;
  explicit ProfileView(const Profile& profile);
  /// Members come in the order of their names, as in a Profile.
  void add(std::string_view name, ProfileValueView value) { members_.push_back({name, value}); }

  [[nodiscard]] const ProfileValueView* find(std::string_view name) const;
  [[nodiscard]] const Member* begin() const { return members_.begin(); }
  [[nodiscard]] const Member* end() const { return members_.end(); }
  [[nodiscard]] const Member& back() const { return members_.back(); }

 private:
  SmallVector<Member, 8> members_;
};

[[nodiscard]] const Field* find_field(const std::vector<Field>& fields, std::string_view name);

/// What a text means for a field, where there is nothing but text: in forms and in the configuration. Numbers and
/// choices become JSON of their type, and an empty text null; a text that means nothing stays what it is. For a json
/// field, a text that is an object or a list is that.
[[nodiscard]] wire::Value from_text(const Field& field, const std::string& words);

/// Reads submitted members, typed as JSON, against the declared fields; null clears, as does an empty text where a
/// text, a date or JSON is expected. Adds to `problems`: unknown_field, field_read_only, wrong_type, out_of_range,
/// too_short, too_long, date_format, date_in_future, text_invalid. A cleared field holds its default, or no value.
using ProfileChange = std::map<std::string, std::optional<ProfileValue>, std::less<>>;
[[nodiscard]] ProfileChange read_profile(const std::vector<Field>& fields, const wire::Object& members, Editor editor,
                                         Time now, std::vector<FieldError>& problems);

/// A profile as the text it is stored as: a JSON object. Throws std::runtime_error for a text that is none.
[[nodiscard]] std::string stored_text(const Profile& profile);
[[nodiscard]] Profile from_stored_text(std::string_view text);
/// The same to look at, for a list that reads many: views into `text`, or into `parsed` where something is escaped.
[[nodiscard]] ProfileView view_stored_text(std::string_view text, Profile& parsed);

/// The value as JSON of its type.
[[nodiscard]] wire::Value to_wire(const Field& field, const ProfileValue& value);
/// What a new account starts with and a cleared field goes back to; absent where none is declared.
[[nodiscard]] std::optional<ProfileValue> default_of(const Field& field);

}  // namespace cardea::identity
