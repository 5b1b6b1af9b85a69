// The pages below /account: profile, password, sessions, notes and deletion, without JavaScript.

#include "tests/api/erased.hpp"
#include "tests/api/pictures.hpp"
#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

struct Scene {
  World world;
  Client ann = world.client();
  Scene() { ann.sign_up("ann"); }
};

std::string token_of(const Answer& page) {
  const std::string before = "name=\"csrf\" value=\"";
  const auto from = page.body.find(before) + before.size();
  return page.body.substr(from, page.body.find('"', from) - from);
}

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

// ASVS 7.5.1
TEST(AccountPage, another_address_asks_for_the_password_and_loses_nothing) {
  Scene scene;
  scene.world.advance(10min);
  const auto asked = scene.ann.submit(
      "/account", {{"name", "Annie"}, {"email", "ann@example.org"}, {"tracking", "sleep"}, {"exercise", ""}});
  EXPECT_EQ(asked.status, 403);
  EXPECT_TRUE(asked.mentions("action=\"/account/confirm\""));
  EXPECT_TRUE(
      asked.mentions("<a href=\"#current_password\">Current password: Enter your password to change your e-mail."));
  for (const auto* typed : {"value=\"Annie\"", "value=\"ann@example.org\"", "value=\"sleep\""}) {
    EXPECT_TRUE(asked.mentions(typed)) << typed;
  }
  EXPECT_EQ(scene.ann.get("/v1/me").json("name"), "Person ann");

  const auto confirm = [&](const char* password) {
    return scene.ann.post_form("/account/confirm", {{"csrf", token_of(asked)},
                                                    {"name", "Annie"},
                                                    {"email", "ann@example.org"},
                                                    {"tracking", "sleep"},
                                                    {"current_password", password}});
  };
  const auto empty = confirm("");
  EXPECT_EQ(empty.status, 403);
  EXPECT_TRUE(empty.mentions("value=\"ann@example.org\""));
  const auto wrong = confirm(wrong_password);
  EXPECT_EQ(wrong.status, 422);
  EXPECT_TRUE(wrong.mentions("<a href=\"#current_password\">Current password: This is not your current password."));
  EXPECT_TRUE(wrong.mentions("value=\"ann@example.org\""));
  EXPECT_TRUE(wrong.mentions("action=\"/account/confirm\""));
  EXPECT_FALSE(wrong.mentions(wrong_password));
  EXPECT_EQ(scene.ann.get("/v1/me").json("name"), "Person ann");

  EXPECT_EQ(confirm(good_password).header("Location"), "/account");
  EXPECT_EQ(scene.ann.get("/v1/me").json("name"), "Annie");
  EXPECT_EQ(scene.ann.get("/v1/me").json("email"), "ann@example.org");
  EXPECT_NE(scene.world.audit_kinds().find("signin.reauthenticated user.email.changed"), std::string::npos);
  // The session is recent now, as after /reauth.
  EXPECT_EQ(scene.ann.get("/account/delete").status, 200);
}

TEST(AccountPage, guessing_the_password_with_a_change_is_bounded_like_signing_in) {
  Scene scene;
  scene.world.advance(10min);
  const auto page = scene.ann.get("/account");
  std::vector<int> seen;
  for (int i = 0; i < 12; ++i) {
    const auto answer = scene.ann.post_form("/account/confirm", {{"csrf", token_of(page)},
                                                                 {"name", "Annie"},
                                                                 {"email", "mallory@example.org"},
                                                                 {"current_password", wrong_password}});
    seen.push_back(answer.status);
  }
  EXPECT_EQ(seen, (std::vector<int>{422, 422, 422, 422, 422, 422, 422, 422, 422, 422, 429, 429}));
  EXPECT_EQ(scene.ann.post("/v1/reauth", {{"password", good_password}}).status, 429);  // the same budget
}

TEST(AccountPage, without_a_session_no_password_is_tried) {
  Scene scene;
  auto mallory = scene.world.client();
  const auto page = mallory.get("/signin");
  const auto answer = mallory.post_form(
      "/account/confirm", {{"csrf", token_of(page)}, {"email", "m@example.org"}, {"current_password", good_password}});
  EXPECT_EQ(answer.header("Location"), "/signin?next=%2Faccount");
  EXPECT_EQ(scene.world.audit_kinds().find("signin.failed"), std::string::npos);
}

TEST(AccountPage, post_of_an_ended_session_leads_back_to_a_page_that_can_be_opened) {
  Scene scene;
  const auto id = scene.ann.post("/v1/me/notes", {{"note", "mine"}}).text("id");
  const auto page = scene.ann.get("/account");
  scene.ann.drop_cookie("__Host-cardea");
  const Texts paths{"/account",        "/account/confirm",         "/account/security",
                    "/account/delete", "/account/sessions/revoke", "/account/sessions/revoke-others",
                    "/account/notes",  "/account/notes/" + id,     "/account/notes/" + id + "/delete",
                    "/reauth"};
  for (const auto& path : paths) {
    auto again = scene.ann;
    const auto sent = again.post_form(path, {{"csrf", token_of(page)}});
    const auto back = again.submit(sent.header("Location"), {{"uid", "ann"}, {"password", good_password}});
    EXPECT_EQ(back.status, 303) << path;
    EXPECT_EQ(again.follow(back).status, 200) << path << " → " << back.header("Location");
  }
}

// ASVS 6.2.2, 6.2.3, 7.4.3
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

// ASVS 7.5.2
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
  const auto token = token_of(opened);
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
  EXPECT_EQ(scene.world.client().sign_in("ann").json("state"), "restore_required");
  erase_closed(scene.world);
  EXPECT_EQ(scene.world.accounts(), 0);
}

}  // namespace
}  // namespace cardea::api_tests
