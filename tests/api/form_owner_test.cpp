// A form belongs to whom its page was shown: posted after somebody else signed in in another tab, it changes nothing.

#include <algorithm>

#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

using testing_support::FormFields;

/// The token in the first form of a page.
std::string token_on(Client& client, std::string_view page) {
  const std::string before = "name=\"csrf\" value=\"";
  const auto body = client.get(page).body;
  const auto at = body.find(before);
  EXPECT_NE(at, std::string::npos) << page;
  const auto start = at + before.size();
  return body.substr(start, body.find('"', start) - start);
}

/// The paths of all forms, each {} filled in.
Texts form_paths(World& world) {
  Texts paths;
  for (const auto& route : world.house().pipeline().routes()) {
    if (route.surface->cross_site != http::CrossSite::form_token || route.method != http::Method::post) continue;
    EXPECT_NE(route.requirement.who, Who::anyone) << route.path << " does not look who is signed in";
    std::string path{route.path};
    for (auto at = path.find('{'); at != std::string::npos; at = path.find('{')) {
      path.replace(at, path.find('}') + 1 - at, "not_01JD9QF8K2M4N6P8R0T2V4X6Z8");
    }
    paths.push_back(path);
  }
  return paths;
}

TEST(FormOwner, every_form_of_somebody_else_changes_nothing_and_says_who_is_signed_in) {
  World world;
  world.client().sign_up("bob");
  auto browser = world.client();
  browser.sign_up("ann");
  const auto anns = token_on(browser, "/account");
  browser.sign_in("bob");
  const auto paths = form_paths(world);
  EXPECT_GE(paths.size(), 12U);
  const auto events = world.audit_kinds();
  for (const auto& path : paths) {
    const auto answer =
        browser.post_form(path, {{"csrf", anns}, {"name", "Overwritten"}, {"email", ""}, {"uid", "bob"}});
    EXPECT_EQ(answer.status, 403) << path;
    EXPECT_TRUE(answer.mentions("You are now signed in as")) << path;
    EXPECT_TRUE(answer.mentions("Person bob")) << path;
  }
  EXPECT_EQ(world.audit_kinds(), events);
  EXPECT_EQ(browser.get("/v1/me").json("name"), "Person bob");
  EXPECT_EQ(browser.get("/v1/me").status, 200);
}

TEST(FormOwner, every_form_that_was_shown_to_nobody_is_not_that_of_whoever_signed_in_since) {
  World world;
  auto browser = world.client();
  const auto nobodys = token_on(browser, "/signin");
  browser.sign_up("ann");
  for (const auto& path : form_paths(world)) {
    const auto answer = browser.post_form(
        path, {{"csrf", nobodys}, {"uid", "mallory"}, {"password", good_password}, {"next", "/users"}});
    EXPECT_EQ(answer.status, 403) << path;
    EXPECT_TRUE(answer.mentions("You are now signed in as")) << path;
  }
  EXPECT_EQ(world.accounts(), 1);
}

TEST(FormOwner, who_signs_in_again_goes_on_with_a_page_that_was_open) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  const auto token = token_on(ann, "/account");
  ann.post("/v1/signout");
  ann.sign_in("ann");
  EXPECT_EQ(ann.post_form("/account", {{"csrf", token}, {"name", "Annie"}, {"email", ""}}).status, 303);
  ann.reauthenticate();
  EXPECT_EQ(ann.post_form("/account", {{"csrf", token}, {"name", "Ann"}, {"email", ""}}).status, 303);
}

TEST(FormOwner, what_was_written_is_shown_again_but_no_password) {
  World world;
  world.client().sign_up("bob");
  auto browser = world.client();
  browser.sign_up("ann");
  const auto anns = token_on(browser, "/account/notes");
  browser.sign_in("bob");
  const auto answer = browser.post_form(
      "/account/notes", {{"csrf", anns}, {"note", "A long <thought>"}, {"password", "a secret"}, {"other", "unseen"}});
  EXPECT_TRUE(answer.mentions("A long &lt;thought&gt;"));
  EXPECT_FALSE(answer.mentions("a secret"));
  EXPECT_FALSE(answer.mentions("unseen"));
  EXPECT_TRUE(answer.mentions("href=\"/account/notes\""));
  EXPECT_EQ(browser.get("/v1/me/notes").count("data"), 0U);
}

TEST(FormOwner, who_is_signed_out_meanwhile_is_led_back_or_out) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  const auto token = token_on(ann, "/account");
  ann.post("/v1/signout");
  EXPECT_EQ(ann.post_form("/signout", {{"csrf", token}}).header("Location"), "/");
  EXPECT_EQ(ann.post_form("/account", {{"csrf", token}, {"name", "Annie"}}).header("Location"),
            "/signin?next=%2Faccount");
}

TEST(FormOwner, calls_of_the_api_are_not_concerned) {
  World world;
  world.client().sign_up("bob");
  auto browser = world.client();
  browser.sign_up("ann");
  browser.sign_in("bob");
  EXPECT_EQ(browser.patch("/v1/me", {{"name", "Robert"}}).status, 200);
}

}  // namespace
}  // namespace cardea::api_tests
