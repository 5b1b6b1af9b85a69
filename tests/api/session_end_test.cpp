// A session that ended: the sign-in page says so, and goes on where somebody was.

#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

constexpr std::string_view sentence = "Your session has ended.";

TEST(SessionEnd, is_told_after_a_click_and_after_a_post) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  auto elsewhere = world.client();
  elsewhere.sign_in("ann");
  elsewhere.post("/v1/me/sessions/revoke-others");
  const auto click = ann.get("/users?sort=-coins");
  EXPECT_EQ(click.header("Location"), "/signin?next=%2Fusers%3Fsort%3D-coins");
  EXPECT_TRUE(ann.follow(click).mentions(sentence));
  const auto post = ann.submit("/signin?next=/users", {{"uid", "ann"}, {"password", good_password}}, "/signin");
  EXPECT_EQ(post.header("Location"), "/users");
}

TEST(SessionEnd, by_its_own_time_is_told_too) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  world.advance(world.settings().session.idle + 1min);
  EXPECT_TRUE(ann.follow(ann.get("/account")).mentions(sentence));
}

TEST(SessionEnd, is_not_told_to_who_was_never_in_or_went_out) {
  World world;
  auto visitor = world.client();
  EXPECT_FALSE(visitor.follow(visitor.get("/account")).mentions(sentence));
  auto ann = world.client();
  ann.sign_up("ann");
  ann.submit("/signout", {});
  EXPECT_FALSE(ann.follow(ann.get("/account")).mentions(sentence));
}

TEST(Cookies, browser_that_keeps_none_is_told_so_on_every_form_and_every_time) {
  World world;
  auto visitor = world.client();
  for (const auto* page : {"/signin", "/signup", "/signin", "/signup"}) {
    const auto opened = visitor.get(page);
    const std::string before = "name=\"csrf\" value=\"";
    const auto start = opened.body.find(before) + before.size();
    const auto token = opened.body.substr(start, opened.body.find('"', start) - start);
    visitor.drop_cookies();
    const auto answer = visitor.post_form(page, {{"csrf", token}, {"uid", "ann"}, {"password", good_password}});
    EXPECT_EQ(answer.status, 403) << page;
    EXPECT_TRUE(answer.mentions("Your browser keeps no cookies")) << page;
    EXPECT_TRUE(answer.mentions("href=\"" + std::string{page} + "\"")) << page;
    EXPECT_FALSE(answer.mentions("open too long")) << page;
  }
}

}  // namespace
}  // namespace cardea::api_tests
