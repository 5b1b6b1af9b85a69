// What a page says after a post: once, to the browser that posted, and never because an address asks for it.

#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

constexpr std::string_view cookie_name = "__Host-cardea-said";

TEST(Flash, once_and_then_no_more) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  const auto saved = ann.submit("/account", {{"name", "Annie"}, {"email", ""}});
  EXPECT_EQ(saved.header("Location"), "/account");
  EXPECT_TRUE(saved.set_cookie(cookie_name).find("Max-Age=60") != std::string::npos);
  EXPECT_TRUE(saved.set_cookie(cookie_name).find("HttpOnly") != std::string::npos);
  EXPECT_TRUE(ann.follow(saved).mentions("Your changes are saved."));
  EXPECT_FALSE(ann.follow(saved).mentions("Your changes are saved."));
}

TEST(Flash, only_by_the_page_it_belongs_to) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  const auto saved = ann.submit("/account", {{"name", "Annie"}, {"email", ""}});
  EXPECT_FALSE(ann.get("/account/security").mentions("class=\"notice\""));
  EXPECT_TRUE(ann.follow(saved).mentions("Your changes are saved."));
}

TEST(Flash, no_address_can_say_it) {
  World world;
  auto visitor = world.client();
  for (const auto* path : {"/signin?done=deleted", "/?done=signed_out", "/signin?said=signin.deleted"}) {
    EXPECT_FALSE(visitor.get(path).mentions("class=\"notice\"")) << path;
  }
}

TEST(Flash, cookie_holds_a_known_word_or_nothing_is_shown) {
  World world;
  for (const auto* value : {"signin.nothing", "signin", "signin.", "said.signin.deleted", "home.signed_out", "<b>"}) {
    auto visitor = world.client();
    visitor.set_cookie(cookie_name, value);
    const auto page = visitor.get("/signin");
    EXPECT_EQ(page.status, 200) << value;
    EXPECT_FALSE(page.mentions("class=\"notice\"")) << value;
  }
}

TEST(Flash, signing_out_and_deleting_are_told) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  EXPECT_TRUE(ann.follow(ann.submit("/signout", {})).mentions("You are signed out."));
  const auto twice = ann.get("/signout");
  EXPECT_EQ(twice.header("Location"), "/");
  EXPECT_TRUE(ann.follow(twice).mentions("You are signed out."));
  ann.sign_in("ann");
  const auto gone = ann.submit("/account/delete", {{"uid", "ann"}});
  EXPECT_EQ(gone.header("Location"), "/signin");
  EXPECT_TRUE(ann.follow(gone).mentions("Your account is closed and will be erased."));
}

TEST(Flash, signing_up_while_signed_in_is_not_done_by_mistake) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  EXPECT_TRUE(ann.get("/signup").mentions("You are signed in as"));
  EXPECT_FALSE(world.client().get("/signup").mentions("You are signed in as"));
}

}  // namespace
}  // namespace cardea::api_tests
