// Pages without JavaScript: signing up, signing in, and the form token that guards every post.

#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

using testing_support::FormFields;

FormFields sign_up_fields(const std::string& uid) {
  return {{"name", "Person " + uid},           {"uid", uid}, {"email", ""},    {"password", good_password},
          {"password_confirm", good_password}, {"dob", ""},  {"tracking", ""}, {"exercise", "rowing"}};
}

bool is_error_page(const Answer& answer) {
  return answer.header("Content-Type").starts_with("text/html") && answer.mentions("class=\"status\"");
}

TEST(Pages, visitor_signs_up_and_is_in) {
  World world;
  auto ann = world.client();
  const auto answer = ann.submit("/signup", sign_up_fields("ann"));
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(answer.header("Location"), "/account");
  const auto account = ann.follow(answer);
  EXPECT_TRUE(account.mentions("Person ann"));
  EXPECT_TRUE(account.mentions("value=\"rowing\""));
}

TEST(Pages, refused_sign_up_shows_every_problem_and_what_was_typed_but_no_password) {
  World world;
  const auto answer = world.client().submit(
      "/signup", {{"name", "A"}, {"uid", "a@b"}, {"password", "short secret"}, {"password_confirm", "other secret"}});
  EXPECT_EQ(answer.status, 422);
  EXPECT_TRUE(answer.mentions("role=\"alert\""));
  EXPECT_TRUE(answer.mentions("There is a problem"));
  for (const std::string field : {"name", "uid", "password", "password_confirm"}) {
    EXPECT_TRUE(answer.mentions("<a href=\"#" + field + "\">")) << field;
  }
  EXPECT_TRUE(answer.mentions("value=\"a@b\""));
  EXPECT_TRUE(answer.mentions("aria-invalid=\"true\""));
  EXPECT_FALSE(answer.mentions("short secret"));
  EXPECT_FALSE(answer.mentions("other secret"));
  EXPECT_EQ(world.accounts(), 0);
}

TEST(Pages, what_was_typed_is_shown_as_text) {
  World world;
  auto fields = sign_up_fields("ann");
  fields[0].second = "<script>alert(1)</script>\"'&";
  fields[3].second = "short";
  const auto answer = world.client().submit("/signup", fields);
  EXPECT_EQ(answer.status, 422);
  EXPECT_FALSE(answer.mentions("<script>alert"));
  EXPECT_TRUE(answer.mentions("&lt;script&gt;"));

  auto ann = world.client();
  ann.sign_up("ann", {{"name", "<img src=x onerror=alert(1)>"}});
  for (const auto* page : {"/account", "/", "/users"}) {
    EXPECT_FALSE(ann.get(page).mentions("<img src=x")) << page;
    EXPECT_TRUE(ann.get(page).mentions("&lt;img")) << page;
  }
}

TEST(Pages, taken_user_id_is_told_beside_its_field) {
  World world;
  world.client().sign_up("ann");
  const auto answer = world.client().submit("/signup", sign_up_fields("ANN"));
  EXPECT_EQ(answer.status, 422);
  EXPECT_TRUE(answer.mentions("<a href=\"#uid\">"));
}

TEST(Pages, person_signs_in_and_out) {
  World world;
  world.client().sign_up("ann");
  auto ann = world.client();
  const auto refused = ann.submit("/signin", {{"uid", "ann"}, {"password", wrong_password}});
  EXPECT_EQ(refused.status, 401);
  EXPECT_TRUE(refused.mentions("role=\"alert\""));
  EXPECT_TRUE(refused.mentions("value=\"ann\""));
  EXPECT_FALSE(refused.mentions(wrong_password));
  EXPECT_EQ(ann.get("/account").status, 303);

  const auto answer = ann.submit("/signin", {{"uid", "ann"}, {"password", good_password}});
  EXPECT_EQ(answer.header("Location"), "/account");
  EXPECT_EQ(ann.get("/account").status, 200);
  EXPECT_EQ(ann.get("/signin").header("Location"), "/account");
  EXPECT_EQ(ann.submit("/signout", {}).header("Location"), "/");
  EXPECT_EQ(ann.cookie("__Host-cardea"), "");
  EXPECT_EQ(ann.get("/account").status, 303);
}

TEST(Pages, opening_the_sign_out_page_ends_nothing) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  EXPECT_EQ(ann.get("/signout").status, 200);
  EXPECT_EQ(ann.get("/v1/session").status, 200);
}

TEST(Pages, unknown_user_and_wrong_password_see_the_same_page) {
  World world;
  world.client().sign_up("ann");
  const auto shown = [&](const char* uid) {
    auto page = world.client().submit("/signin", {{"uid", uid}, {"password", wrong_password}});
    std::string body = page.body;
    for (const std::string& variable : {std::string{uid}, page.header("Request-Id")}) {
      for (auto at = body.find(variable); at != std::string::npos; at = body.find(variable))
        body.erase(at, variable.size());
    }
    const auto token = body.find("name=\"csrf\" value=\"");
    return std::to_string(page.status) + body.substr(0, token) + body.substr(body.find('>', token));
  };
  EXPECT_EQ(shown("ann"), shown("xqz"));
}

TEST(Pages, visitor_is_led_to_sign_in_and_back) {
  World world;
  world.client().sign_up("ann");
  auto ann = world.client();
  const auto sent = ann.get("/account/sessions");
  EXPECT_EQ(sent.header("Location"), "/signin?next=%2Faccount%2Fsessions");
  const auto answer = ann.submit(sent.header("Location"), {{"uid", "ann"}, {"password", good_password}});
  EXPECT_EQ(answer.header("Location"), "/account/sessions");
}

TEST(Pages, nobody_is_led_away_from_this_site) {
  World world;
  world.client().sign_up("ann");
  for (const auto* next : {"https://evil.test/", "//evil.test/", "/\\evil.test", "\\\\evil.test", "/%5Cevil.test",
                           "/%2Fevil.test", "javascript:alert(1)", " //evil.test", "/\t/evil.test", "/..//evil.test",
                           "evil.test", "/account%0d%0aSet-Cookie:%20x=1", "http:evil.test", "/%09/evil.test"}) {
    auto ann = world.client();
    const auto answer = ann.submit("/signin", {{"uid", "ann"}, {"password", good_password}, {"next", next}});
    EXPECT_EQ(answer.header("Location"), "/account") << next;
    EXPECT_EQ(answer.set_cookie("x"), "");
  }
  auto bob = world.client();
  auto fields = sign_up_fields("bob");
  fields.emplace_back("next", "//evil.test");
  EXPECT_EQ(bob.submit("/signup", fields).header("Location"), "/account");
  EXPECT_EQ(bob.submit("/reauth", {{"password", good_password}, {"next", "//evil.test"}}).header("Location"),
            "/account/security");
  auto signed_in = world.client();
  signed_in.sign_in("ann");
  EXPECT_EQ(signed_in.get("/signin?next=%2F%2Fevil.test").header("Location"), "/account");
  EXPECT_FALSE(world.client().get("/signin?next=https%3A%2F%2Fevil.test").mentions("evil.test"));
}

// The form token.

TEST(FormToken, post_without_or_with_a_wrong_one_is_refused_and_changes_nothing) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  ann.get("/account");  // has the cookie that the token belongs to
  const auto post = [&](const FormFields& fields) { return ann.post_form("/account", fields); };
  for (const auto& answer :
       {post({{"name", "Mallory"}}), post({{"name", "Mallory"}, {"csrf", ""}}),
        post({{"name", "Mallory"}, {"csrf", std::string(86, 'A')}}), post({{"name", "Mallory"}, {"csrf", "x"}})}) {
    EXPECT_EQ(answer.status, 403);
    EXPECT_TRUE(is_error_page(answer));
  }
  EXPECT_EQ(ann.get("/v1/me").json("name"), "Person ann");
}

TEST(FormToken, one_of_another_browser_is_refused) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  ann.get("/account");
  const auto page = world.client().get("/signin");
  const std::string before = "name=\"csrf\" value=\"";
  const auto token = page.body.substr(page.body.find(before) + before.size(), 86);
  EXPECT_EQ(ann.post_form("/account", {{"name", "Mallory"}, {"csrf", token}}).status, 403);
}

// ASVS 7.6.2
TEST(FormToken, guards_sign_in_and_sign_up_too) {
  World world;
  world.client().sign_up("ann");
  auto victim = world.client();
  EXPECT_EQ(victim.post_form("/signin", {{"uid", "ann"}, {"password", good_password}}).status, 403);
  EXPECT_EQ(victim.post_form("/signup", sign_up_fields("bob")).status, 403);
  EXPECT_EQ(victim.cookie("__Host-cardea"), "");
  EXPECT_EQ(world.accounts(), 1);
}

TEST(FormToken, is_not_enough_for_a_post_from_another_site) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  ann.header("Sec-Fetch-Site", "cross-site").header("Origin", "https://evil.test");
  const auto answer = ann.submit("/account", {{"name", "Mallory"}});
  EXPECT_EQ(answer.status, 403);
  EXPECT_TRUE(is_error_page(answer));
  EXPECT_EQ(ann.patch("/v1/me", {{"name", "Mallory"}}).code(), "cross_site");
  EXPECT_EQ(ann.post("/v1/signin", {{"uid", "ann"}, {"password", good_password}}).code(), "cross_site");
  EXPECT_EQ(ann.get("/v1/me").json("name"), "Person ann");
}

TEST(Pages, unknown_page_is_a_page) {
  World world;
  const auto answer = world.client().header("Accept", "text/html").get("/nothing/here");
  EXPECT_EQ(answer.status, 404);
  EXPECT_TRUE(is_error_page(answer));
  EXPECT_TRUE(answer.mentions(answer.header("Request-Id")));
}

}  // namespace
}  // namespace cardea::api_tests
