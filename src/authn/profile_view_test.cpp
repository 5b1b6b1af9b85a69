#include "authn/profile_view.hpp"

#include <gtest/gtest.h>

namespace cardea::authn {
namespace {

identity::Settings some_settings() {
  identity::Settings settings{
      .name = identity::Presence::optional, .uid = identity::Presence::required, .email = identity::Presence::off};
  settings.fields = {{.name = "motto", .label = "Your motto", .max = 40},
                     {.name = "news", .type = identity::FieldType::boolean},
                     {.name = "coins",
                      .type = identity::FieldType::integer,
                      .edit = identity::Editor::admin,
                      .see = identity::Visibility::everyone},
                     {.name = "risk", .see = identity::Visibility::admin}};
  return settings;
}

const wire::Value& field_of(const wire::Value& view, std::string_view name) {
  for (const auto& field : *view.find("fields")->get<wire::Array>()) {
    if (*field.find("name") == wire::Value{name}) return field;
  }
  throw std::runtime_error("no field " + std::string{name});
}

TEST(ProfileView, shows_what_is_asked_for_and_needed) {
  const wire::Value view{profile_view(some_settings(), wire::Object{}, {})};
  EXPECT_EQ(*view.find("show"), (wire::Object{{"name", true}, {"uid", true}, {"email", false}}));
  EXPECT_EQ(*view.find("need"), (wire::Object{{"name", false}, {"uid", true}, {"email", false}}));
}

TEST(ProfileView, field_for_administrators_alone_is_not_there) {
  const wire::Value view{profile_view(some_settings(), wire::Object{{"risk", "high"}}, {})};
  EXPECT_EQ(view.find("fields")->get<wire::Array>()->size(), 3U);
  EXPECT_EQ(wire::to_json(view).find("\"value\":\"high\""), std::string::npos);
}

TEST(ProfileView, field_has_its_label_value_error_and_limit) {
  const std::vector<FieldError> problems{{"motto", "too_long", "Use at most 40 characters."}};
  const wire::Value view{profile_view(some_settings(), wire::Object{{"motto", "ever on"}, {"coins", 3}}, problems)};
  const auto& motto = field_of(view, "motto");
  EXPECT_EQ(*motto.find("label"), wire::Value{"Your motto"});
  EXPECT_EQ(*motto.find("value"), wire::Value{"ever on"});
  EXPECT_EQ(*motto.find("error"), wire::Value{"Use at most 40 characters."});
  EXPECT_EQ(*motto.find("max"), wire::Value{40});
  EXPECT_EQ(*motto.find("editable"), wire::Value{true});
  const auto& coins = field_of(view, "coins");
  EXPECT_EQ(*coins.find("label"), wire::Value{""});  // a page has a string for it, or says its name
  EXPECT_EQ(*coins.find("value"), wire::Value{3});
  EXPECT_EQ(*coins.find("editable"), wire::Value{false});
  EXPECT_EQ(*view.find("has_fixed"), wire::Value{true});
}

TEST(ProfileView, tick_box_is_on_for_every_way_of_saying_so) {
  const auto ticked = [](const wire::Value& posted) {
    const wire::Value view{profile_view(some_settings(), wire::Object{{"news", posted}}, {})};
    return *field_of(view, "news").find("value") == wire::Value{true};
  };
  EXPECT_TRUE(ticked("on"));
  EXPECT_TRUE(ticked("true"));
  EXPECT_TRUE(ticked(true));
  EXPECT_FALSE(ticked("false"));
  EXPECT_FALSE(ticked(false));
  EXPECT_FALSE(ticked(nullptr));
}

TEST(ProfileView, form_becomes_a_submission_with_all_it_holds_but_what_the_page_takes) {
  const wire::Value form =
      wire::Object{{"uid", "ann"}, {"motto", "ever on"}, {"news", "on"}, {"hat", "red"}, {"next", "/"}};
  const auto submitted = read_form(some_settings(), form, {"next"});
  EXPECT_EQ(submitted.uid, "ann");
  EXPECT_EQ(submitted.name, std::nullopt);
  EXPECT_EQ(wire::Value{submitted.profile}, (wire::Object{{"motto", "ever on"}, {"news", true}, {"hat", "red"}}));
}

}  // namespace
}  // namespace cardea::authn
