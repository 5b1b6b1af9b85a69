#include "identity/profile.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cardea::identity {
namespace {

using namespace std::chrono_literals;

const Time noon = Time{std::chrono::sys_days{std::chrono::year{2027} / 1 / 15}} + 12h;
constexpr std::int64_t lowest = 3;

std::vector<Field> some_fields() {
  return {{.name = "motto", .min = 2, .max = 5},
          {.name = "level",
           .type = FieldType::integer,
           .see = Visibility::everyone,
           .default_value = "7",
           .min = lowest,
           .max = 9},
          {.name = "born", .type = FieldType::date},
          {.name = "news", .type = FieldType::boolean, .default_value = "true"},
          {.name = "team", .default_value = "red"},
          {.name = "coins", .type = FieldType::integer, .edit = Editor::admin, .see = Visibility::everyone},
          {.name = "risk", .edit = Editor::admin, .see = Visibility::admin}};
}

struct Reading {
  std::string code;       // of the one problem, or empty
  ProfileChange change;
};

Reading reading(const std::string& name, const wire::Value& value, Editor editor = Editor::user, Time now = noon) {
  std::vector<FieldError> problems;
  Reading out;
  out.change = read_profile(some_fields(), {{name, value}}, editor, now, problems);
  EXPECT_LE(problems.size(), 1U);
  if (!problems.empty()) {
    EXPECT_EQ(problems.front().field, name);
    EXPECT_FALSE(problems.front().detail.empty());
    EXPECT_TRUE(out.change.empty()) << "a refused value is no change";
    out.code = problems.front().code;
  }
  return out;
}

TEST(Profile, wrong_values_are_named_by_code) {
  struct Case {
    const char* field;
    wire::Value value;
    const char* code;
  };
  const std::vector<Case> cases{
      {"hobby", "x", "unknown_field"},
      {"risk", "high", "unknown_field"},  // what a user may not see is not there
      {"coins", 5, "field_read_only"},
      {"coins", nullptr, "field_read_only"},
      {"motto", 5, "wrong_type"},
      {"motto", true, "wrong_type"},
      {"motto", wire::Array{"a"}, "wrong_type"},
      {"motto", wire::Object{{"a", "b"}}, "wrong_type"},
      {"motto", "a", "too_short"},
      {"motto", "\u00fc", "too_short"},  // one code point in two bytes
      {"motto", "abcdef", "too_long"},
      {"motto", "ab\ncd", "text_invalid"},
      {"motto", std::string{"ab\0c", 4}, "text_invalid"},
      {"motto", "ab\xff", "text_invalid"},
      {"level", 2, "out_of_range"},
      {"level", 10, "out_of_range"},
      {"level", INT64_MIN, "out_of_range"},
      {"level", "5", "wrong_type"},  // the spelling of a form
      {"level", "", "wrong_type"},
      {"level", 3.5, "wrong_type"},
      {"level", true, "wrong_type"},
      {"level", "five", "wrong_type"},
      {"born", 19990101, "wrong_type"},
      {"born", "1999-1-1", "date_format"},
      {"born", "01.01.1999", "date_format"},
      {"born", "1999-02-29", "date_format"},
      {"born", "1999-01-01T00:00:00Z", "date_format"},
      {"born", "2027-01-15", "date_in_future"},  // today
      {"born", "2999-01-01", "date_in_future"},
      {"born", "1899-12-31", "out_of_range"},
      {"news", 1, "wrong_type"},
      {"news", "yes", "wrong_type"},
      {"news", "true", "wrong_type"},
      {"news", "on", "wrong_type"},
      {"news", "", "wrong_type"},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(reading(each.field, each.value).code, each.code) << each.field << " " << wire::to_json(each.value);
  }
}

TEST(Profile, right_values_are_read) {
  struct Case {
    const char* field;
    wire::Value value;
    ProfileValue read;
  };
  const std::vector<Case> cases{
      {"motto", "ab", "ab"},
      {"motto", "\u00fc\u00fc\u00fc\u00fc\u00fc", "\u00fc\u00fc\u00fc\u00fc\u00fc"},
      {"motto", "u\u0308ber", "\u00fcber"},  // stored composed
      {"level", 3, std::int64_t{3}},
      {"born", "2000-02-29", "2000-02-29"},
      {"born", "2027-01-14", "2027-01-14"},
      {"born", "1900-01-01", "1900-01-01"},
      {"news", true, std::int64_t{1}},
      {"news", false, std::int64_t{0}},
  };
  for (const auto& each : cases) {
    const auto out = reading(each.field, each.value);
    EXPECT_EQ(out.code, "") << each.field;
    ASSERT_TRUE(out.change.contains(each.field));
    EXPECT_EQ(out.change.at(each.field), each.read) << each.field;
  }
}

TEST(Profile, field_for_json_holds_text_numbers_and_whatever_else_json_can_say) {
  const std::vector<Field> fields{{.name = "log", .type = FieldType::json, .max = 40}};
  const auto read = [&](const wire::Value& value) {
    std::vector<FieldError> problems;
    const auto change = read_profile(fields, {{"log", value}}, Editor::user, noon, problems);
    if (!problems.empty()) return problems.front().code;
    const auto& held = change.at("log");
    if (!held) return std::string{"nothing"};
    const Profile profile{{"log", *held}};
    EXPECT_EQ(from_stored_text(stored_text(profile)), profile) << stored_text(profile);
    EXPECT_EQ(to_wire(fields[0], *held), value);
    return stored_text(profile);
  };
  EXPECT_EQ(read("steps"), R"({"log":"steps"})");
  EXPECT_EQ(read(5), R"({"log":5})");
  EXPECT_EQ(read(true), R"({"log":true})");
  EXPECT_EQ(read(wire::Array{wire::Object{{"day", "mon\nday"}, {"km", 5}}, 1.5, nullptr}),
            R"({"log":[{"day":"mon\nday","km":5},1.5,null]})");
  EXPECT_EQ(read(wire::Array{}), R"({"log":[]})");
  EXPECT_EQ(read(""), "nothing");
  EXPECT_EQ(read(nullptr), "nothing");
  EXPECT_EQ(read(std::string(40, 'x')), "{\"log\":\"" + std::string(40, 'x') + "\"}");
  EXPECT_EQ(read(std::string(41, 'x')), "too_long");
  EXPECT_EQ(read(wire::Array{std::string(36, 'x')}), "{\"log\":[\"" + std::string(36, 'x') + "\"]}");
  EXPECT_EQ(read(wire::Array{std::string(37, 'x')}), "too_long");
  EXPECT_EQ(read(wire::Array{"a\x1b"}), "text_invalid");
  EXPECT_EQ(read(wire::Object{{"a\x07", 1}}), "text_invalid");
}

TEST(Profile, text_of_a_form_is_json_where_it_is_an_object_or_a_list) {
  const Field field{.name = "log", .type = FieldType::json};
  EXPECT_EQ(from_text(field, "[1,2]"), (wire::Array{1, 2}));
  EXPECT_EQ(from_text(field, "{\"a\":\"b\"}"), (wire::Object{{"a", "b"}}));
  for (const auto* words : {"5", "true", "null", "\"x\"", "steps", "[oops", "{not json}", " [1]"}) {
    EXPECT_EQ(from_text(field, words), words);
  }
  EXPECT_EQ(from_text(field, ""), nullptr);
  EXPECT_EQ(default_of({.name = "log", .type = FieldType::json, .default_value = "[]"}), ProfileValue{Json{"[]"}});
  EXPECT_EQ(default_of({.name = "log", .type = FieldType::json, .default_value = "none"}), ProfileValue{"none"});
  EXPECT_EQ(default_of(field), std::nullopt);
}

TEST(Profile, text_of_a_form_means_a_value_of_the_fields_type_or_itself) {
  const auto fields = some_fields();
  const auto meaning = [&](const char* name, const char* words) { return from_text(*find_field(fields, name), words); };
  EXPECT_EQ(meaning("level", "9"), 9);
  EXPECT_EQ(meaning("level", "-3"), -3);
  EXPECT_EQ(meaning("news", "on"), true);
  EXPECT_EQ(meaning("news", "true"), true);
  EXPECT_EQ(meaning("news", "false"), false);
  for (const auto* name : {"level", "news", "motto", "born"}) EXPECT_EQ(meaning(name, ""), nullptr) << name;
  for (const auto* words : {"five", "5 ", "1e2", "99999999999999999999", "yes", "ON", "7.0"}) {
    for (const auto* name : {"level", "news", "motto", "born"}) EXPECT_EQ(meaning(name, words), words) << name;
  }
}

TEST(Profile, administrator_edits_what_users_may_not) {
  EXPECT_EQ(reading("coins", 5, Editor::admin).change.at("coins"), ProfileValue{std::int64_t{5}});
  EXPECT_EQ(reading("risk", "high", Editor::admin).change.at("risk"), ProfileValue{"high"});
  EXPECT_EQ(reading("hobby", "x", Editor::admin).code, "unknown_field");
}

TEST(Profile, null_and_empty_text_clear_to_the_default) {
  for (const wire::Value& nothing : {wire::Value{nullptr}, wire::Value{""}}) {
    EXPECT_EQ(reading("motto", nothing).change.at("motto"), std::nullopt);
    EXPECT_EQ(reading("born", nothing).change.at("born"), std::nullopt);
    EXPECT_EQ(reading("team", nothing).change.at("team"), ProfileValue{"red"});
  }
  EXPECT_EQ(reading("level", nullptr).change.at("level"), ProfileValue{std::int64_t{7}});
  EXPECT_EQ(reading("news", nullptr).change.at("news"), ProfileValue{std::int64_t{1}});
}

TEST(Profile, every_problem_is_reported_at_once) {
  std::vector<FieldError> problems;
  const auto change =
      read_profile(some_fields(), {{"motto", "x"}, {"team", "blue"}, {"level", 99}}, Editor::user, noon, problems);
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_EQ(problems[0].field, "motto");
  EXPECT_EQ(problems[1].field, "level");
  EXPECT_EQ(change.size(), 1U);
}

TEST(Profile, default_is_what_is_declared) {
  const auto fields = some_fields();
  EXPECT_EQ(default_of(*find_field(fields, "coins")), std::nullopt);
  EXPECT_EQ(default_of(*find_field(fields, "level")), ProfileValue{std::int64_t{7}});
  EXPECT_EQ(default_of(*find_field(fields, "motto")), std::nullopt);
  EXPECT_EQ(default_of(*find_field(fields, "team")), ProfileValue{"red"});
  EXPECT_EQ(find_field(fields, "Motto"), nullptr);
}

TEST(Profile, field_without_a_default_has_no_value_whatever_its_type_and_limits) {
  using enum FieldType;
  for (const auto type : {text, integer, date, boolean}) {
    EXPECT_EQ(default_of({.type = type}), std::nullopt) << enum_text(type);
    EXPECT_EQ(default_of({.type = type, .min = 10, .max = 50}), std::nullopt) << enum_text(type);
  }
  EXPECT_EQ(default_of({.type = integer, .default_value = "20", .min = 10}), ProfileValue{std::int64_t{20}});
  EXPECT_EQ(default_of({.type = integer, .default_value = "0"}), ProfileValue{std::int64_t{0}});
  EXPECT_EQ(default_of({.type = boolean, .default_value = "true"}), ProfileValue{std::int64_t{1}});
  EXPECT_EQ(default_of({.type = boolean, .default_value = "false"}), ProfileValue{std::int64_t{0}});
}

TEST(Profile, what_is_left_empty_in_a_form_stays_empty_whatever_its_type) {
  using enum FieldType;
  for (const auto type : {text, integer, date, boolean}) {
    const std::vector<Field> fields{{.name = "f", .type = type, .min = 10, .max = 50}};
    std::vector<FieldError> problems;
    const auto change = read_profile(fields, {{"f", from_text(fields[0], "")}}, Editor::user, noon, problems);
    EXPECT_TRUE(problems.empty()) << enum_text(type);
    EXPECT_EQ(change.at("f"), std::nullopt) << enum_text(type);
  }
}

TEST(Profile, limits_that_are_not_declared_depend_on_the_type) {
  const Field text{}, number{.type = FieldType::integer};
  EXPECT_EQ(text.least(), 0);
  EXPECT_EQ(text.most(), 1000);
  EXPECT_EQ(number.least(), -9'007'199'254'740'991);
  EXPECT_EQ(number.most(), 9'007'199'254'740'991);
  EXPECT_EQ((Field{.type = FieldType::integer, .min = 5000}).most(), 9'007'199'254'740'991);
  EXPECT_EQ((Field{.max = 2000}).most(), 2000);
}

TEST(Profile, value_becomes_json_of_its_type) {
  const auto fields = some_fields();
  EXPECT_EQ(to_wire(*find_field(fields, "level"), std::int64_t{5}), wire::Value{5});
  EXPECT_EQ(to_wire(*find_field(fields, "news"), std::int64_t{1}), wire::Value{true});
  EXPECT_EQ(to_wire(*find_field(fields, "motto"), "ab"), wire::Value{"ab"});
}

TEST(Profile, only_public_integers_can_order_the_list) {
  EXPECT_TRUE((Field{.type = FieldType::integer, .see = Visibility::everyone}).is_sortable());
  EXPECT_FALSE((Field{.type = FieldType::integer, .see = Visibility::self}).is_sortable());
  EXPECT_FALSE((Field{.type = FieldType::text, .see = Visibility::everyone}).is_sortable());
  EXPECT_FALSE((Field{.type = FieldType::boolean, .see = Visibility::everyone}).is_sortable());
}

TEST(Profile, default_set_is_sound_and_users_cannot_give_themselves_coins) {
  const auto fields = default_fields();
  EXPECT_EQ(problem_with(fields), "");
  EXPECT_EQ(find_field(fields, "coins")->edit, Editor::admin);
  EXPECT_TRUE(find_field(fields, "coins")->is_sortable());
  EXPECT_EQ(find_field(fields, "dob")->see, Visibility::self);
}

TEST(Profile, unsound_declarations_are_refused) {
  const auto problem = [](Field field) { return problem_with({std::move(field)}); };
  EXPECT_NE(problem({.name = ""}), "");
  EXPECT_NE(problem({.name = "Motto"}), "");
  EXPECT_NE(problem({.name = "mot to"}), "");
  EXPECT_NE(problem({.name = std::string(41, 'a')}), "");
  for (const auto* own : {"id", "password", "is_admin", "csrf", "userID", "jwt"}) EXPECT_NE(problem({.name = own}), "");
  EXPECT_NE(problem({.name = "a", .min = 2, .max = 1}), "");
  EXPECT_NE(problem({.name = "a", .min = 2000}), "");  // a text has at most 1000 unless declared
  EXPECT_EQ(problem({.name = "a", .type = FieldType::integer, .min = 2000}), "");
  EXPECT_EQ(problem({.name = "a", .edit = Editor::user, .see = Visibility::admin}),
            "profile.field \"a\": users cannot edit what only administrators see; add edit = \"admin\", or let see be "
            "\"self\" or \"public\"");
  EXPECT_EQ(problem({.name = "a", .edit = Editor::admin, .see = Visibility::admin}), "");
  EXPECT_NE(problem({.name = "a", .type = FieldType::integer, .default_value = "five"}), "");
  EXPECT_NE(problem({.name = "a", .type = FieldType::integer, .default_value = "5", .max = 4}), "");
  EXPECT_NE(problem({.name = "a", .type = FieldType::date, .default_value = "1999-02-30"}), "");
  EXPECT_NE(problem_with({{.name = "a"}, {.name = "a"}}), "");
  EXPECT_EQ(problem({.name = "a_1", .type = FieldType::boolean, .default_value = "true"}), "");
}

RC_GTEST_PROP(Profile, reading_any_text_never_stores_what_its_limits_refuse, (const std::string& text)) {
  for (const auto* name : {"motto", "level", "born", "news"}) {
    std::vector<FieldError> problems;
    const auto fields = some_fields();
    const auto value_sent = from_text(*find_field(fields, name), text);
    const auto change = read_profile(fields, {{name, value_sent}}, Editor::user, noon, problems);
    RC_ASSERT(change.size() + problems.size() == 1U);
    if (text.empty() || change.empty()) continue;
    const auto& value = *change.at(name);
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      RC_ASSERT(*number >= 0 && *number <= 9);
    } else {
      RC_ASSERT(std::get<std::string>(value).size() <= 40U);
    }
  }
}

TEST(StoredText, reads_back_what_was_written) {
  const Profile profile{{"coins", std::int64_t{INT64_MIN}}, {"member", std::int64_t{1}}, {"tracking", "a \"b\" <\n>"}};
  EXPECT_EQ(from_stored_text(stored_text(profile)), profile);
  EXPECT_EQ(stored_text({}), "{}");
  EXPECT_TRUE(from_stored_text("{}").empty());
}

TEST(StoredText, reads_members_in_any_order_and_spelling) {
  const Profile expected{{"a", std::int64_t{1}}, {"b", "x"}};
  for (const auto* text : {"{\"a\":1,\"b\":\"x\"}", "{\"b\":\"x\",\"a\":1}", " { \"a\" : 1 , \"b\" : \"x\" } ",
                           "{\"a\":1,\"b\":\"\\u0078\"}"}) {
    EXPECT_EQ(from_stored_text(text), expected) << text;
  }
}

TEST(StoredText, anything_else_is_a_surprise) {
  for (const auto* text :
       {"", "[]", "{", "{\"a\":null}", "{\"a\":1,\"a\":2}", "{\"a\":01}", "{\"a\":}", "{\"a\":1", "{\"a\":1,}",
        "{,\"a\":1}", "{\"a\" 1}", "{\"a\":\"b}", "{\"a\":1}}", "{\"a\":\"\x01\"}", "{\"a\":\"\xff\"}", "{a:1}"}) {
    EXPECT_THROW((void)from_stored_text(text), std::runtime_error) << text;
  }
}

}  // namespace
}  // namespace cardea::identity
