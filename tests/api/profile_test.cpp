// Profile fields that the configuration declares: types, limits, who may edit and who may see; and that nothing but
// the declared members can be changed.

#include <algorithm>

#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

using identity::Field;

void declare_fields(app::Settings& settings) {
  list_for(settings, identity::ListedFor::everyone);
  settings.identity.fields = {
      Field{.name = "motto",
            .label = "Motto",
            .type = identity::FieldType::text,
            .see = identity::Visibility::everyone,
            .min = 3,
            .max = 10},
      Field{.name = "shoe_size",
            .type = identity::FieldType::integer,
            .see = identity::Visibility::self,
            .default_value = "40",
            .min = 20,
            .max = 50},
      Field{.name = "joined", .type = identity::FieldType::date, .see = identity::Visibility::everyone},
      Field{.name = "newsletter", .type = identity::FieldType::boolean, .see = identity::Visibility::self},
      Field{.name = "score",
            .type = identity::FieldType::integer,
            .edit = identity::Editor::admin,
            .see = identity::Visibility::everyone,
            .min = -5,
            .max = 1000000},
      Field{.name = "remarks",
            .type = identity::FieldType::text,
            .edit = identity::Editor::admin,
            .see = identity::Visibility::admin},
  };
}

struct Scene {
  World world{declare_fields};
  Client ann = world.client();
  Client root = world.client();
  std::string ann_id;
  Scene() {
    ann_id = ann.sign_up("ann").text("user/id");
    root.sign_up("rita");
    world.make_admin("rita");
  }
};

TEST(Profile, values_are_read_by_their_type) {
  Scene scene;
  const auto answer = scene.ann.patch(
      "/v1/me", {{"motto", "onward"}, {"shoe_size", 38}, {"joined", "2020-02-29"}, {"newsletter", true}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.json("motto"), "onward");
  EXPECT_EQ(answer.json("shoe_size"), 38);
  EXPECT_EQ(answer.json("joined"), "2020-02-29");
  EXPECT_EQ(answer.json("newsletter"), true);
  EXPECT_EQ(scene.ann.get("/v1/me").json("shoe_size"), 38);
}

TEST(Profile, each_limit_names_its_field) {
  Scene scene;
  const std::vector<std::pair<wire::Member, const char*>> cases{
      {{"motto", "ab"}, "motto:too_short"},
      {{"motto", "12345678901"}, "motto:too_long"},
      {{"motto", "a\x02\x03z"}, "motto:text_invalid"},
      {{"motto", 5}, "motto:wrong_type"},
      {{"shoe_size", 19}, "shoe_size:out_of_range"},
      {{"shoe_size", 51}, "shoe_size:out_of_range"},
      {{"shoe_size", "large"}, "shoe_size:wrong_type"},
      {{"shoe_size", 38.5}, "shoe_size:wrong_type"},
      {{"shoe_size", wire::Array{38}}, "shoe_size:wrong_type"},
      {{"joined", "2021-02-29"}, "joined:date_format"},
      {{"joined", "2026-11-23"}, "joined:date_in_future"},
      {{"joined", "1899-12-31"}, "joined:out_of_range"},
      {{"newsletter", "maybe"}, "newsletter:wrong_type"},
      {{"newsletter", 1}, "newsletter:wrong_type"},
      {{"newsletter", "true"}, "newsletter:wrong_type"},  // the spelling of a form is no JSON boolean
      {{"newsletter", "on"}, "newsletter:wrong_type"},
      {{"newsletter", ""}, "newsletter:wrong_type"},
      {{"shoe_size", "40"}, "shoe_size:wrong_type"},
      {{"shoe_size", ""}, "shoe_size:wrong_type"},
      {{"score", 5}, "score:field_read_only"},
      {{"remarks", "good"}, "remarks:unknown_field"},
      {{"coins", 5}, "coins:unknown_field"},
  };
  for (const auto& [member, problem] : cases) {
    const auto answer = scene.ann.patch("/v1/me", {member});
    EXPECT_EQ(answer.status, 422) << problem;
    EXPECT_EQ(answer.problems(), Texts{problem});
  }
}

TEST(Profile, null_is_no_name_and_no_user_id) {
  Scene scene;
  EXPECT_EQ(scene.ann.patch("/v1/me", {{"name", nullptr}, {"motto", "onward"}}).problems(), Texts{"name:name_missing"});
  EXPECT_EQ(scene.ann.patch("/v1/me", {{"uid", nullptr}, {"motto", "onward"}}).problems(), Texts{"uid:uid_fixed"});
  EXPECT_EQ(scene.root.patch("/v1/users/" + scene.ann_id, {{"name", nullptr}, {"motto", "onward"}}).problems(),
            Texts{"name:name_missing"});
  EXPECT_EQ(scene.ann.get("/v1/me").json("motto"), nullptr);
}

TEST(Profile, every_problem_of_a_change_is_told_at_once) {
  Scene scene;
  const wire::Object body{{"name", 5}, {"motto", "ab"}, {"hat", "red"}};
  const Texts problems{"hat:unknown_field", "motto:too_short", "name:wrong_type"};
  EXPECT_EQ(scene.ann.patch("/v1/me", body).problems(), problems);
  EXPECT_EQ(scene.root.patch("/v1/users/" + scene.ann_id, body).problems(), problems);
}

TEST(Profile, forms_spell_numbers_and_choices_as_text) {
  Scene scene;
  const auto saved = scene.ann.submit(
      "/account", {{"name", "Ann"}, {"email", ""}, {"motto", ""}, {"shoe_size", "38"}, {"newsletter", "true"}});
  EXPECT_EQ(saved.header("Location"), "/account");
  EXPECT_EQ(scene.ann.get("/v1/me").json("shoe_size"), 38);
  EXPECT_EQ(scene.ann.get("/v1/me").json("newsletter"), true);
  EXPECT_EQ(scene.ann.submit("/account", {{"name", "Ann"}, {"shoe_size", "large"}}).status, 422);
  EXPECT_EQ(scene.ann.submit("/account", {{"name", "Ann"}, {"shoe_size", ""}}).status, 303);
  EXPECT_EQ(scene.ann.get("/v1/me").json("shoe_size"), 40);  // an empty input goes back to the default
}

TEST(Profile, number_without_a_default_stays_empty_and_the_page_can_be_saved_as_it_is) {
  World world{[](app::Settings& settings) {
    settings.identity.fields = {Field{.name = "low", .type = identity::FieldType::integer, .min = 10, .max = 50},
                                Field{.name = "debt", .type = identity::FieldType::integer, .max = -3},
                                Field{.name = "any", .type = identity::FieldType::integer}};
  }};
  auto ann = world.client();
  ann.sign_up("ann");
  for (const char* name : {"low", "debt", "any"}) EXPECT_EQ(ann.get("/v1/me").json(name), nullptr) << name;
  EXPECT_EQ(ann.submit("/account", {{"name", "Ann"}, {"email", ""}, {"low", ""}, {"debt", ""}, {"any", ""}}).status,
            303);
  for (const char* name : {"low", "debt", "any"}) EXPECT_EQ(ann.get("/v1/me").json(name), nullptr) << name;
  EXPECT_EQ(ann.patch("/v1/me", {{"low", 11}, {"any", 2'000'000'000'000}}).status, 200);
  EXPECT_EQ(ann.patch("/v1/me", {{"low", nullptr}, {"any", -5}}).json("low"), nullptr);
  EXPECT_EQ(ann.get("/v1/me").json("any"), -5);
  EXPECT_EQ(ann.patch("/v1/me", {{"any", std::int64_t{1} << 53}}).problems(), Texts{"any:out_of_range"});
}

TEST(Profile, length_counts_characters_not_octets) {
  Scene scene;
  EXPECT_EQ(scene.ann
                .patch("/v1/me",
                       {{"motto", "\xC3\xA4\xC3\xB6\xC3\xBC\xC3\xA4\xC3\xB6\xC3\xBC\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F"}})
                .status,
            200);
}

TEST(Profile, null_clears_and_a_number_goes_back_to_its_default) {
  Scene scene;
  scene.ann.patch("/v1/me", {{"motto", "onward"}, {"shoe_size", 38}, {"joined", "2020-02-29"}, {"newsletter", true}});
  const auto answer = scene.ann.patch(
      "/v1/me", {{"motto", nullptr}, {"shoe_size", nullptr}, {"joined", nullptr}, {"newsletter", nullptr}});
  EXPECT_EQ(answer.json("motto"), nullptr);
  EXPECT_EQ(answer.json("shoe_size"), 40);
  EXPECT_EQ(answer.json("joined"), nullptr);
  EXPECT_EQ(answer.json("newsletter"), nullptr);
}

TEST(Profile, everyone_sees_public_fields_alone) {
  Scene scene;
  scene.ann.patch("/v1/me", {{"motto", "onward"}, {"shoe_size", 38}, {"email", "ann@example.org"}});
  const Texts shown{"id", "joined", "motto", "name", "score", "uid"};
  for (auto viewer : {scene.world.client(), scene.world.client()}) {
    EXPECT_EQ(viewer.get("/v1/users/" + scene.ann_id).members(), shown);
    EXPECT_EQ(viewer.get("/v1/users").members("data/0"), shown);
    EXPECT_EQ(viewer.get("/api/users").members("0"), shown);
    EXPECT_EQ(viewer.get("/api/users/" + scene.ann_id).members(), shown);
    const auto page = viewer.get("/users");
    EXPECT_TRUE(page.mentions("onward"));
    EXPECT_FALSE(page.mentions("ann@example.org"));
    EXPECT_FALSE(page.mentions("shoe_size"));
    EXPECT_FALSE(page.mentions("remarks"));
    viewer.sign_up("bob");  // and being somebody else changes nothing
    EXPECT_EQ(viewer.get("/v1/users/" + scene.ann_id).members(), shown);
    EXPECT_EQ(viewer.get("/v1/users").members("data/0"), shown);
  }
}

TEST(Profile, owner_sees_own_fields_but_not_those_of_administrators) {
  Scene scene;
  scene.root.patch("/v1/users/" + scene.ann_id, {{"remarks", "pays late"}});
  const auto mine = scene.ann.get("/v1/me");
  EXPECT_TRUE(mine.has("shoe_size"));
  EXPECT_TRUE(mine.has("newsletter"));
  EXPECT_FALSE(mine.has("remarks"));
  EXPECT_FALSE(scene.ann.get("/account").mentions("remarks"));
  EXPECT_FALSE(scene.ann.get("/account").mentions("pays late"));
  EXPECT_FALSE(scene.ann.get("/v1/users").mentions("pays late"));
}

TEST(Profile, administrator_sees_and_edits_all_fields_of_others) {
  Scene scene;
  const auto changed =
      scene.root.patch("/v1/users/" + scene.ann_id, {{"remarks", "pays late"}, {"score", 7}, {"name", "Anna"}});
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(changed.json("remarks"), "pays late");
  EXPECT_EQ(scene.root.get("/v1/users/" + scene.ann_id).json("remarks"), "pays late");
  EXPECT_EQ(scene.world.client().get("/v1/users/" + scene.ann_id).json("score"), 7);
  EXPECT_EQ(scene.ann.get("/v1/session").json("user/name"), "Anna");
  EXPECT_EQ(scene.root.patch("/v1/users/" + scene.ann_id, {{"score", -6}}).problems(), Texts{"score:out_of_range"});
  EXPECT_EQ(scene.root.patch("/v1/users/usr_00000000000000000000000000", {{"score", 1}}).status, 404);
}

TEST(Profile, others_may_not_use_the_administrators_route) {
  Scene scene;
  EXPECT_EQ(scene.ann.patch("/v1/users/" + scene.ann_id, {{"score", 1000}}).status, 403);
  EXPECT_EQ(scene.world.client().patch("/v1/users/" + scene.ann_id, {{"score", 1000}}).status, 401);
  EXPECT_EQ(scene.ann.get("/v1/me").json("score"), nullptr);
}

TEST(MassAssignment, patch_with_every_member_there_is_changes_only_what_its_owner_may_change) {
  Scene scene;
  const auto before = scene.ann.get("/v1/me").json();
  wire::Object everything;
  for (const auto& member : *before.get<wire::Object>()) everything.push_back(member);
  for (const auto* name :
       {"password", "password_hash", "phc", "is_admin", "admin", "roles", "session", "token_hash", "coins", "remarks",
        "uid_key", "email_key", "email_verified_at", "__proto__", "constructor", "userID"}) {
    everything.push_back({name, "x"});
  }
  EXPECT_EQ(scene.ann.patch("/v1/me", everything).status, 422);
  EXPECT_EQ(scene.ann.get("/v1/me").json(), before);

  // One by one: only these are accepted, and only in a form that fits.
  const Texts editable{"email", "joined", "motto", "name", "newsletter", "shoe_size"};
  const auto value_for = [](const std::string& name) -> wire::Value {
    if (name == "email") return "new@example.org";
    if (name == "joined") return "2020-01-01";
    if (name == "newsletter") return true;
    return name == "shoe_size" || name == "score" ? wire::Value{41} : wire::Value{"admin"};
  };
  Texts accepted;
  for (const auto& member : everything) {
    if (scene.ann.patch("/v1/me", {{member.name, value_for(member.name)}}).status == 200)
      accepted.push_back(member.name);
  }
  std::sort(accepted.begin(), accepted.end());
  EXPECT_EQ(accepted, editable);
  const auto after = scene.ann.get("/v1/me");
  EXPECT_EQ(after.json("role"), "user");
  EXPECT_EQ(after.json("status"), "active");
  EXPECT_EQ(after.json("score"), nullptr);
  EXPECT_EQ(after.json("uid"), "ann");
  EXPECT_EQ(after.json("id"), scene.ann_id);
}

TEST(MassAssignment, forms_take_no_more_than_their_fields) {
  Scene scene;
  for (const auto& [name, value] : testing_support::FormFields{
           {"is_admin", "true"}, {"role", "admin"}, {"score", "1000"}, {"remarks", "good"}, {"bogus", "1"}}) {
    auto eve = scene.world.client();
    const auto made = eve.submit("/signup", {{"name", "Eve"},
                                             {"uid", "eve"},
                                             {"password", good_password},
                                             {"password_confirm", good_password},
                                             {"next", "/users"},
                                             {name, value}});
    EXPECT_EQ(made.status, 422) << name;
    EXPECT_TRUE(made.mentions("href=\"#" + name + "\"")) << name;
    EXPECT_EQ(scene.ann.submit("/account", {{"name", "Annie"}, {"email", ""}, {name, value}}).status, 422) << name;
  }
  EXPECT_EQ(scene.world.accounts(), 2);
  EXPECT_EQ(scene.ann.get("/v1/me").json("name"), "Person ann");
  EXPECT_EQ(scene.ann.submit("/account", {{"name", "Annie"}, {"email", ""}}).status, 303);
}

TEST(Profile, newly_declared_fields_appear_on_old_accounts) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  world.restart(declare_fields);
  const auto me = ann.get("/v1/me");
  EXPECT_EQ(me.json("score"), nullptr);
  EXPECT_EQ(me.json("motto"), nullptr);
  EXPECT_FALSE(me.has("coins"));
  EXPECT_EQ(world.client().get("/v1/users?sort=-score").count("data"), 0U) << "who has no number has no place";
}

}  // namespace
}  // namespace cardea::api_tests
