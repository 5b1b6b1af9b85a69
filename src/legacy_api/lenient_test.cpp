#include "legacy_api/lenient.hpp"

#include <gtest/gtest.h>

namespace cardea::legacy_api {
namespace {

using identity::Editor;
using identity::Field;
using identity::FieldType;
using identity::Visibility;

const identity::Settings& settings() {
  static const identity::Settings some{
      .fields = {{.name = "dob", .type = FieldType::date},
                 {.name = "tracking", .type = FieldType::json},
                 {.name = "motto"},
                 {.name = "level", .type = FieldType::integer},
                 {.name = "news", .type = FieldType::boolean},
                 {.name = "coins", .type = FieldType::integer, .edit = Editor::admin},
                 {.name = "remarks", .edit = Editor::admin, .see = Visibility::admin}}};
  return some;
}

TEST(Respelled, value_has_the_type_of_its_field_where_only_its_spelling_differs) {
  const auto as = [](std::string_view name, wire::Value value) {
    return respelled(*identity::find_field(settings().fields, name), std::move(value));
  };
  EXPECT_EQ(as("level", "5"), 5);
  EXPECT_EQ(as("level", "five"), "five");
  EXPECT_EQ(as("level", 5), 5);
  EXPECT_EQ(as("news", "true"), true);
  EXPECT_EQ(as("motto", 5), "5");
  EXPECT_EQ(as("motto", wire::Array{5}), wire::Array{5});
  EXPECT_EQ(as("tracking", "5"), "5");
  EXPECT_EQ(as("tracking", wire::Array{5}), wire::Array{5});
  EXPECT_EQ(as("dob", "1990-2-8"), "1990-02-08");
  for (const auto* date : {"1990-02-08", "8.2.1990", "1990-2", "90-2-8", "1990-222-8", "1990--8", "", "1990-2-8-1"}) {
    EXPECT_EQ(as("dob", date), date);
  }
}

TEST(Settable, members_that_users_do_not_set_are_not_looked_at) {
  const auto kept = settable(settings(), {{"tracking", wire::Array{}},
                                          {"coins", "a lot"},
                                          {"remarks", "pays early"},
                                          {"role", "admin"},
                                          {"color", wire::Object{{"red", 5}}},
                                          {"level", "7"}});
  EXPECT_EQ(kept, (wire::Object{{"tracking", wire::Array{}}, {"level", 7}}));
}

TEST(ReadUpdate, only_what_differs_is_a_change_and_what_nobody_may_change_is_named) {
  const wire::Value shown{wire::Object{{"id", "usr_1"},
                                       {"name", "Ann"},
                                       {"email", nullptr},
                                       {"role", "user"},
                                       {"updated_at", "2026-11-23T12:00:00Z"},
                                       {"dob", nullptr},
                                       {"tracking", "steps"},
                                       {"coins", 0}}};
  const auto read = [&](wire::Object members) { return read_update(settings(), shown, false, std::move(members)); };
  const auto whole = read({{"name", "Ann"},
                           {"email", ""},
                           {"role", "user"},
                           {"updated_at", "2025-01-01T00:00:00Z"},
                           {"dob", ""},
                           {"tracking", wire::Array{1}},
                           {"coins", "0"},
                           {"color", "red"},
                           {"remarks", "pays early"},
                           {"password", ""}});
  EXPECT_EQ(whole.submitted.profile, (wire::Object{{"tracking", wire::Array{1}}}));
  EXPECT_TRUE(whole.refused.empty());
  const auto refused =
      read({{"name", "Eve"}, {"role", "admin"}, {"coins", 9}, {"password", "secret"}, {"email", "a@b.c"}});
  std::string names;
  for (const auto& problem : refused.refused) names += problem.field + ":" + problem.code + " ";
  EXPECT_EQ(names,
            "name:field_read_only role:field_read_only coins:field_read_only password:field_read_only "
            "email:field_read_only ");
  EXPECT_TRUE(refused.submitted.profile.empty());
}

}  // namespace
}  // namespace cardea::legacy_api
