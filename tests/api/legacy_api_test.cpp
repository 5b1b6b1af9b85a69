// The classic contract keeps its words and its leniency: members that it does not know are not looked at. A value of
// the wrong type is refused, by name, and nothing is stored.

#include "encoding/base64.hpp"
#include "tests/api/pictures.hpp"
#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

wire::Object bob_but(wire::Object more) {
  wire::Object body{{"name", "Bob"}, {"uid", "bob"}, {"password", good_password}};
  for (auto& member : more) {
    std::erase_if(body, [&](const wire::Member& each) { return each.name == member.name; });
    body.push_back(std::move(member));
  }
  return body;
}

struct Refusal {
  wire::Object body;
  const char* message;
  Texts problems;
};

constexpr const char* name_missing = "Name is missing, or is less than 2 characters";
constexpr const char* uid_missing = "User ID is missing, or is less than 2 characters";

TEST(ClassicCreate, refusals_have_the_contracts_words_and_name_every_field) {
  World world;
  world.client().sign_up("ann");
  const std::vector<Refusal> cases{
      {bob_but({{"name", nullptr}}), name_missing, {"name:name_missing"}},
      {bob_but({{"name", "B"}}), name_missing, {"name:name_short"}},
      {bob_but({{"name", 5}}), name_missing, {"name:wrong_type"}},
      {bob_but({{"uid", nullptr}}), uid_missing, {"uid:uid_missing"}},
      {bob_but({{"uid", "b"}}), uid_missing, {"uid:uid_short"}},
      {bob_but({{"uid", wire::Array{"bob"}}}), uid_missing, {"uid:wrong_type"}},
      {bob_but({{"dob", "28.2.1990"}}),
       "Date of birth format error 28.2.1990, must be yyyy-mm-dd",
       {"dob:date_format"}},
      {bob_but({{"dob", 5}}), "Date of birth format error 5, must be yyyy-mm-dd", {"dob:wrong_type"}},
      {bob_but({{"dob", wire::Array{1, "a"}}}),
       "Date of birth format error [1,\"a\"], must be yyyy-mm-dd",
       {"dob:wrong_type"}},
      {bob_but({{"email", 5}}),
       "Processed Bob, either a format error or User ID bob is duplicate",
       {"email:wrong_type"}},
      {bob_but({{"email", "nowhere"}}),
       "Processed Bob, either a format error or User ID bob is duplicate",
       {"email:email_invalid"}},
      {bob_but({{"uid", "ANN"}}),
       "Processed Bob, either a format error or User ID ANN is duplicate",
       {"uid:uid_taken"}},
      {bob_but({{"uid", "b@b"}, {"name", "B\x01ob"}}),
       "Processed B\x01ob, either a format error or User ID b@b is duplicate",
       {"name:name_invalid", "uid:uid_at_sign"}},
      {bob_but({{"password", 5}}), "This must be text.", {"password:wrong_type"}},
      {bob_but({{"password", ""}}), "Choose a password.", {"password:password_missing"}},
      {bob_but({{"tracking", std::string(4001, 'x')}}), "Use at most 4000 characters.", {"tracking:too_long"}},
      {bob_but({{"tracking", wire::Array{std::string(4000, 'x')}}}),
       "Use at most 4000 bytes of JSON.",
       {"tracking:too_long"}},
      {{{"uid", 5}, {"email", 5}, {"dob", "never"}, {"role", "admin"}},
       name_missing,
       {"dob:date_format", "email:wrong_type", "name:name_missing", "password:password_missing", "uid:wrong_type"}},
  };
  for (const auto& each : cases) {
    const auto answer = world.curl().post("/api/users", each.body);
    EXPECT_EQ(answer.status, 400) << wire::to_json(each.body);
    EXPECT_EQ(answer.json("message"), each.message) << answer.body;
    EXPECT_EQ(answer.problems(), each.problems) << answer.body;
  }
  EXPECT_EQ(world.accounts(), 1);
}

TEST(ClassicCreate, whole_users_come_back_with_their_coins_and_their_gaps) {
  World world;
  const auto made = world.curl().post(
      "/api/users",
      bob_but({{"email", nullptr}, {"dob", ""}, {"tracking", nullptr}, {"exercise", ""}, {"coins", "a lot"}}));
  EXPECT_EQ(made.status, 200);
  EXPECT_EQ(made.json("coins"), 0);
  EXPECT_EQ(made.json("email"), nullptr);
  EXPECT_EQ(made.json("dob"), nullptr);
}

TEST(ClassicSignIn, takes_two_texts_and_looks_at_nothing_else) {
  World world;
  world.client().sign_up("ann");
  const char* missing = "User ID or password is missing";
  const std::vector<Refusal> cases{
      {{}, missing, {"password:required", "uid:required"}},
      {{{"uid", "ann"}}, missing, {"password:required"}},
      {{{"uid", nullptr}, {"password", good_password}}, missing, {"uid:required"}},
      {{{"uid", "ann"}, {"password", ""}}, missing, {"password:required"}},
      {{{"uid", 5}, {"password", good_password}}, "This must be text.", {"uid:wrong_type"}},
      {{{"uid", "ann"}, {"password", wire::Array{good_password}}}, "This must be text.", {"password:wrong_type"}},
  };
  for (const auto& each : cases) {
    const auto answer = world.curl().post("/api/users/authenticate", each.body);
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_EQ(answer.json("message"), each.message) << answer.body;
    EXPECT_EQ(answer.problems(), each.problems) << answer.body;
  }
  const wire::Object whole{{"uid", "ann"}, {"password", good_password}, {"admin", true}, {"name", wire::Object{}}};
  EXPECT_EQ(world.curl().post("/api/users/authenticate", whole).status, 200);
}

struct Scene {
  World world{[](app::Settings& settings) {
    settings.identity.fields.push_back(
        {.name = "remarks", .edit = identity::Editor::admin, .see = identity::Visibility::admin});
  }};
  Client ann = world.client();
  Client root = world.client();
  std::string ann_id = sign_in(ann, "ann");
  std::string root_id = sign_in(root, "rita");
  Scene() { world.make_admin("rita"); }

  static std::string sign_in(Client& client, std::string_view uid) {
    const auto id = client.sign_up(uid).text("user/id");
    client.post("/api/users/authenticate", {{"uid", uid}, {"password", good_password}});
    return id;
  }
};

TEST(ClassicUpdate, refusals_name_the_members_that_are_in_the_way) {
  Scene scene;
  const auto path = "/api/users/" + scene.ann_id;
  const char* only = "You may only update tracking or exercise";
  const std::vector<Refusal> cases{
      {{{"id", 5}, {"tracking", "sleep"}}, "Id not found.", {"id:id_not_found"}},
      {{{"id", scene.root_id}, {"tracking", "sleep"}}, "Id not found.", {"id:id_not_found"}},
      {{{"id", scene.ann_id}, {"name", "Eve"}, {"tracking", "sleep"}}, only, {"name:field_read_only"}},
      {{{"id", scene.ann_id}, {"coins", 5}, {"dob", 5}}, only, {"coins:field_read_only", "dob:wrong_type"}},
      {{{"password", good_password}, {"role", "admin"}}, only, {"password:field_read_only", "role:field_read_only"}},
      {{{"id", scene.ann_id}, {"dob", "soon"}}, "Enter a date that exists, as yyyy-mm-dd.", {"dob:date_format"}},
  };
  for (const auto& each : cases) {
    const auto answer = scene.ann.put(path, each.body);
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_EQ(answer.json("message"), each.message) << answer.body;
    EXPECT_EQ(answer.problems(), each.problems) << answer.body;
  }
  EXPECT_EQ(scene.ann.get("/v1/me").json("tracking"), nullptr);
  EXPECT_EQ(scene.ann.put(path, {{"id", scene.ann_id}, {"tracking", "sleep"}}).json("tracking"), "sleep");
}

TEST(ClassicUpdate, changes_are_paid_for_like_those_of_the_other_surfaces) {
  World world{[](app::Settings& settings) { settings.account_budgets.profile_change.free = 2; }};
  auto ann = world.client();
  const auto id = Scene::sign_in(ann, "ann");
  const auto change = [&](const char* to) { return ann.put("/api/users/" + id, {{"id", id}, {"tracking", to}}); };
  EXPECT_EQ(change("steps").status, 200);
  EXPECT_EQ(ann.patch("/v1/me", {{"tracking", "sleep"}}).status, 200);
  EXPECT_EQ(change("steps").status, 429);
  EXPECT_EQ(ann.get("/v1/me").json("tracking"), "sleep");
}

TEST(ClassicUsers, administrators_see_what_they_see_elsewhere) {
  Scene scene;
  const auto path = "/api/users/" + scene.ann_id;
  scene.root.patch("/v1/users/" + scene.ann_id, {{"remarks", "pays late"}});
  EXPECT_EQ(scene.root.get(path).json("remarks"), "pays late");
  EXPECT_EQ(scene.root.get(path).json("email"), nullptr);
  EXPECT_EQ(scene.root.put(path, {{"id", scene.ann_id}, {"tracking", "sleep"}}).json("remarks"), "pays late");
  EXPECT_FALSE(scene.ann.get(path).has("remarks"));
  EXPECT_FALSE(scene.ann.put(path, {{"id", scene.ann_id}, {"tracking", "steps"}}).has("remarks"));
  EXPECT_FALSE(scene.ann.get("/api/users/" + scene.root_id).has("email"));
  scene.world.disable("ann");
  EXPECT_EQ(scene.root.get(path).json("status"), "disabled");
  auto bob = scene.world.client();
  Scene::sign_in(bob, "bob");
  EXPECT_EQ(bob.get(path).status, 404);
}

std::string dot() { return encoding::base64(as_bytes(one_pixel_png())); }

TEST(ClassicNotes, members_of_another_type_or_of_another_note_are_refused) {
  Scene scene;
  const auto other = scene.ann.post("/api/notes", {{"note", "other"}, {"image", dot()}});
  const std::vector<Refusal> cases{
      {{{"note", "n"}, {"image", 5}}, "This must be text.", {"image:wrong_type"}},
      {{{"note", "n"}, {"image", other.text("image")}}, "Send the image as base64.", {"image:image_encoding"}},
      {{{"note", "n"}, {"image", "/api/notes/whatever"}}, "Send the image as base64.", {"image:image_encoding"}},
      {{{"note", "n"}, {"userID", 5}}, "This must be text.", {"userID:wrong_type"}},
      {{{"note", "n"}, {"userID", scene.root_id}}, "This cannot be changed. Leave it out.", {"userID:fixed"}},
      {{{"note", "n"}, {"id", other.text("id")}}, "This cannot be changed. Leave it out.", {"id:fixed"}},
      {{{"note", 5}}, "This must be text.", {"note:wrong_type"}},
      {{{"note", ""}, {"image", "no"}, {"userID", "me"}},
       "This cannot be changed. Leave it out.",
       {"image:image_encoding", "note:too_short", "userID:fixed"}},
  };
  for (const auto& each : cases) {
    const auto answer = scene.ann.post("/api/notes", each.body);
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_EQ(answer.problems(), each.problems) << answer.body;
    EXPECT_EQ(answer.json("message"), each.message) << answer.body;
  }
  EXPECT_EQ(scene.ann.get("/api/notes").count(), 1U);
  EXPECT_EQ(scene.ann.post("/api/notes", {{"id", nullptr}, {"note", "n"}, {"image", ""}, {"userID", scene.ann_id}})
                .json("note"),
            "n");
}

TEST(ClassicNotes, what_was_shown_can_be_sent_back_and_nothing_like_it) {
  Scene scene;
  const auto shown = scene.ann.post("/api/notes", {{"note", "a dot"}, {"image", dot()}});
  const auto other = scene.ann.post("/api/notes", {{"note", "other"}, {"image", dot()}});
  const auto path = "/api/notes/" + shown.text("id");
  const auto back = [&](std::string_view member, wire::Value value) {
    wire::Object body = *shown.json().get<wire::Object>();
    for (auto& each : body) {
      if (each.name == member) each.value = value;
    }
    return scene.ann.put(path, body);
  };
  EXPECT_EQ(back("note", "the dot").json("image"), shown.json("image"));
  EXPECT_EQ(scene.ann.get(shown.text("image").substr(scene.world.settings().url.size())).body, one_pixel_png());
  EXPECT_EQ(back("id", other.json("id")).problems(), Texts{"id:fixed"});
  EXPECT_EQ(back("userID", scene.root_id).problems(), Texts{"userID:fixed"});
  EXPECT_EQ(back("image", other.json("image")).problems(), Texts{"image:image_encoding"});
  EXPECT_EQ(back("image", shown.text("image") + "?").problems(), Texts{"image:image_encoding"});
  EXPECT_EQ(scene.ann.get(path).json("note"), "the dot");
  EXPECT_EQ(scene.ann.put(path, {{"note", "kept"}}).json("image"), shown.json("image"));
  EXPECT_EQ(back("image", nullptr).json("image"), nullptr);
  EXPECT_EQ(back("note", "again").problems(), Texts{"image:image_encoding"});  // it has none to keep any more
  EXPECT_EQ(scene.ann.get(path).json("note"), "a dot");
}

}  // namespace
}  // namespace cardea::api_tests
