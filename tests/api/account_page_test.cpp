// The pages below /account: profile, password, sessions, notes and deletion, without JavaScript.

#include "tests/api/pictures.hpp"
#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

struct Scene {
  World world;
  Client ann = world.client();
  Scene() { ann.sign_up("ann"); }
};

TEST(AccountPage, profile_is_saved_and_shown) {
  Scene scene;
  const auto answer = scene.ann.submit("/account", {{"name", "Annie"},
                                                    {"email", "annie@example.org"},
                                                    {"dob", "2001-02-03"},
                                                    {"tracking", "sleep"},
                                                    {"exercise", ""}});
  EXPECT_EQ(answer.header("Location"), "/account");
  const auto page = scene.ann.follow(answer);
  EXPECT_TRUE(page.mentions("role=\"status\""));
  for (const auto* value :
       {"value=\"Annie\"", "value=\"annie@example.org\"", "value=\"2001-02-03\"", "value=\"sleep\""}) {
    EXPECT_TRUE(page.mentions(value)) << value;
  }
}

TEST(AccountPage, refused_change_shows_its_problem_and_what_was_typed) {
  Scene scene;
  const auto answer = scene.ann.submit("/account", {{"name", "Annie"}, {"email", ""}, {"dob", "never"}});
  EXPECT_EQ(answer.status, 422);
  EXPECT_TRUE(answer.mentions("<a href=\"#dob\">"));
  EXPECT_TRUE(answer.mentions("value=\"Annie\""));
  EXPECT_EQ(scene.ann.get("/v1/me").json("name"), "Person ann");
}

TEST(AccountPage, fields_of_administrators_are_not_taken_from_a_form) {
  Scene scene;
  EXPECT_EQ(scene.ann.submit("/account", {{"name", "Annie"}, {"email", ""}, {"coins", "1000"}}).status, 422);
  EXPECT_EQ(scene.ann.submit("/account", {{"name", "Annie"}, {"email", ""}, {"is_admin", "true"}}).status, 422);
  EXPECT_EQ(scene.ann.get("/v1/me").json("coins"), 0);
  EXPECT_EQ(scene.ann.get("/v1/me").json("role"), "user");
}

TEST(AccountPage, another_address_leads_through_the_password) {
  Scene scene;
  scene.world.advance(10min);
  const auto sent = scene.ann.submit("/account", {{"name", "Ann"}, {"email", "ann@example.org"}});
  EXPECT_EQ(sent.header("Location"), "/reauth?next=/account");
  EXPECT_EQ(scene.ann.submit("/reauth?next=/account", {{"password", wrong_password}}).status, 401);
  EXPECT_EQ(scene.ann.submit("/reauth?next=/account", {{"password", good_password}}).header("Location"), "/account");
  EXPECT_EQ(scene.ann.submit("/account", {{"name", "Ann"}, {"email", "ann@example.org"}}).status, 303);
  EXPECT_EQ(scene.ann.get("/v1/me").json("email"), "ann@example.org");
}

TEST(AccountPage, password_is_changed_and_the_other_browsers_are_out) {
  Scene scene;
  auto phone = scene.world.client();
  phone.sign_in("ann");
  const auto refused = scene.ann.submit(
      "/account/security",
      {{"current_password", wrong_password}, {"password", other_password}, {"password_confirm", other_password}});
  EXPECT_EQ(refused.status, 422);
  EXPECT_TRUE(refused.mentions("<a href=\"#current_password\">"));
  EXPECT_FALSE(refused.mentions(other_password));
  const auto answer = scene.ann.submit(
      "/account/security",
      {{"current_password", good_password}, {"password", other_password}, {"password_confirm", other_password}});
  EXPECT_EQ(answer.header("Location"), "/account/security");
  EXPECT_EQ(scene.ann.follow(answer).status, 200);
  EXPECT_EQ(phone.get("/account").status, 303);
}

TEST(AccountPage, session_is_ended_from_the_list) {
  Scene scene;
  auto phone = scene.world.client().from("198.51.100.7");
  phone.sign_in("ann");
  EXPECT_TRUE(scene.ann.get("/account/sessions").mentions("198.51.100.7"));
  const auto answer = scene.ann.submit("/account/sessions", {}, "/account/sessions/revoke");
  EXPECT_EQ(answer.header("Location"), "/account/sessions");
  EXPECT_FALSE(scene.ann.follow(answer).mentions("198.51.100.7"));
  EXPECT_EQ(phone.get("/v1/session").status, 401);
  EXPECT_EQ(scene.ann.get("/v1/session").status, 200);
}

TEST(AccountPage, nobody_ends_a_session_of_somebody_else) {
  Scene scene;
  auto bob = scene.world.client();
  bob.sign_up("bob");
  auto phone = scene.world.client();
  phone.sign_in("ann");
  const auto bobs = bob.get("/v1/session").text("session/id");
  scene.ann.submit("/account/sessions", {{"id", bobs}}, "/account/sessions/revoke");
  EXPECT_EQ(bob.get("/v1/session").status, 200);
}

TEST(AccountPage, all_other_sessions_are_ended_at_once) {
  Scene scene;
  auto phone = scene.world.client();
  auto tablet = scene.world.client();
  phone.sign_in("ann");
  tablet.sign_in("ann");
  EXPECT_EQ(scene.ann.submit("/account/sessions", {}, "/account/sessions/revoke-others").status, 303);
  EXPECT_EQ(phone.get("/v1/session").status, 401);
  EXPECT_EQ(tablet.get("/v1/session").status, 401);
  EXPECT_EQ(scene.ann.get("/v1/session").status, 200);
}

TEST(AccountPage, note_with_a_picture_is_added_edited_and_deleted) {
  Scene scene;
  const auto added =
      scene.ann.submit("/account/notes", {{"note", "a <b>dot</b>"}}, "", {{"image", "dot.png", one_pixel_png()}});
  EXPECT_EQ(added.header("Location"), "/account/notes");
  const auto list = scene.ann.follow(added);
  EXPECT_TRUE(list.mentions("a &lt;b&gt;dot"));
  const auto id = scene.ann.get("/v1/me/notes").text("data/0/id");
  const std::string path = "/account/notes/" + id;
  EXPECT_TRUE(list.mentions(path + "/image"));
  const auto image = scene.ann.get(path + "/image");
  EXPECT_EQ(image.body, one_pixel_png());
  EXPECT_EQ(image.header("Content-Type"), "image/png");
  EXPECT_EQ(image.header("X-Content-Type-Options"), "nosniff");

  EXPECT_EQ(scene.ann.submit(path, {{"note", "no dot"}, {"remove_image", "on"}}, "", {{"image", "", ""}}).status, 303);
  EXPECT_EQ(scene.ann.get(path + "/image").status, 404);
  EXPECT_TRUE(scene.ann.get(path).mentions("no dot"));
  EXPECT_EQ(scene.ann.submit(path, {}, path + "/delete").header("Location"), "/account/notes");
  EXPECT_EQ(scene.ann.get(path).status, 404);
}

TEST(AccountPage, long_note_is_shown_in_part_and_called_by_its_first_words) {
  Scene scene;
  std::string text = "Shopping list";
  for (int i = 0; i < 1'000; ++i) text += "\nline";
  scene.ann.post("/v1/me/notes", {{"note", text}});
  const auto page = scene.ann.get("/account/notes");
  EXPECT_LT(page.body.size(), 12'000U);
  EXPECT_TRUE(page.mentions("Read it all"));
  EXPECT_TRUE(page.mentions("aria-label=\"Edit the note: Shopping list\""));
}

TEST(AccountPage, file_that_is_no_picture_is_refused_and_nothing_is_kept) {
  Scene scene;
  const auto answer =
      scene.ann.submit("/account/notes", {{"note", "x"}}, "", {{"image", "dot.png", "<script>alert(1)</script>"}});
  EXPECT_EQ(answer.status, 422);
  EXPECT_TRUE(answer.mentions("<a href=\"#image\">"));
  EXPECT_EQ(scene.ann.get("/v1/me/notes").count("data"), 0U);
}

TEST(AccountPage, notes_of_others_are_not_found) {
  Scene scene;
  const auto id = scene.ann.post("/v1/me/notes", {{"note", "mine"}}).text("id");
  auto bob = scene.world.client();
  bob.sign_up("bob");
  bob.post("/v1/me/notes", {{"note", "bob's"}});
  EXPECT_EQ(bob.get("/account/notes/" + id).status, 404);
  const auto own = bob.get("/v1/me/notes").text("data/0/id");
  const auto opened = bob.get("/account/notes/" + own);
  const std::string before = "name=\"csrf\" value=\"";
  const auto token = opened.body.substr(opened.body.find(before) + before.size(), 64);
  EXPECT_EQ(bob.post_form("/account/notes/" + own + "/delete", {{"csrf", token}}).status, 303);  // the token is good
  EXPECT_EQ(bob.post_form("/account/notes/" + id + "/delete", {{"csrf", token}}).status, 404);
  EXPECT_EQ(bob.post_form("/account/notes/" + id, {{"csrf", token}, {"note", "stolen"}}).status, 404);
  EXPECT_EQ(scene.ann.get("/v1/me/notes/" + id).json("note"), "mine");
}

TEST(AccountPage, account_is_deleted_by_typing_its_name_after_showing_the_password) {
  Scene scene;
  scene.world.advance(10min);
  EXPECT_EQ(scene.ann.get("/account/delete").header("Location"), "/reauth?next=%2Faccount%2Fdelete");
  EXPECT_EQ(scene.ann.submit("/reauth?next=%2Faccount%2Fdelete", {{"password", good_password}}).header("Location"),
            "/account/delete");
  EXPECT_EQ(scene.ann.submit("/account/delete", {{"uid", "bob"}}).status, 422);
  EXPECT_EQ(scene.world.accounts(), 1);
  const auto answer = scene.ann.submit("/account/delete", {{"uid", "ann"}});
  EXPECT_EQ(answer.header("Location"), "/signin");
  EXPECT_TRUE(scene.ann.follow(answer).mentions("role=\"status\""));
  EXPECT_EQ(scene.world.accounts(), 0);
}

}  // namespace
}  // namespace cardea::api_tests
