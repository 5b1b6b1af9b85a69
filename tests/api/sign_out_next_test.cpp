// Signing out leads on to a page here, or to a front end that the operator has listed, and nowhere else.

#include "encoding/form.hpp"
#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

World world_with_front_end() {
  return World{
      [](app::Settings& settings) { settings.cors_origins = {"https://app.example.com", "http://localhost:4100"}; }};
}

std::string encoded(std::string_view text) { return encoding::percent_encode(text); }

TEST(SignOutNext, leads_to_a_front_end_that_is_listed) {
  auto world = world_with_front_end();
  for (const std::string place : {"https://app.example.com/bye?x=1", "https://app.example.com",
                                  "http://localhost:4100/", "https://APP.example.com:443/a"}) {
    auto ann = world.client();
    ann.sign_up("ann" + std::to_string(world.accounts()));
    const auto out = ann.submit("/signout?next=" + encoded(place), {}, "/signout");
    EXPECT_EQ(out.status, 200) << place;
    EXPECT_EQ(out.header("Refresh"), "0; url=" + place);
    EXPECT_TRUE(out.mentions("<a class=\"button wide\" href=\"" + place + "\"")) << out.body;
    EXPECT_EQ(ann.get("/v1/session").status, 401) << place;
    EXPECT_EQ(ann.get("/signout?next=" + encoded(place)).header("Location"), place) << "who is out already goes on too";
  }
}

TEST(SignOutNext, leads_to_a_page_here) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  EXPECT_EQ(ann.submit("/signout?next=/users", {}, "/signout").header("Location"), "/users");
}

TEST(SignOutNext, leads_nowhere_else) {
  auto world = world_with_front_end();
  for (const std::string place :
       {"https://evil.example/", "https://app.example.com.evil.example/", "https://app.example.com@evil.example/",
        "https://app.example.com:444/", "http://app.example.com/", "//app.example.com/", "https:app.example.com",
        "https://app.example.com\\@evil.example/", "javascript:alert(1)//://app.example.com",
        "https://app.example.com /", "https://app.example.com\r\nX: y", "data:text/html,x", "\\\\evil.example",
        "https://evil.example#https://app.example.com"}) {
    auto ann = world.client();
    ann.sign_up("ann" + std::to_string(world.accounts()));
    const auto out = ann.submit("/signout?next=" + encoded(place), {}, "/signout");
    EXPECT_EQ(out.header("Location"), "/") << place;
    EXPECT_EQ(out.header("Refresh"), "") << place;
    EXPECT_EQ(ann.get("/signout?next=" + encoded(place)).header("Location"), "/") << place;
  }
}

// ASVS 7.4.4
TEST(Header, names_who_is_signed_in) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann", {{"name", "Ann <b>Lee</b>"}});
  for (const auto* page : {"/", "/account", "/account/security", "/users", "/docs/errors"}) {
    EXPECT_TRUE(ann.get(page).mentions("<bdi>Ann &lt;b&gt;Lee&lt;/b&gt;</bdi></a>")) << page;
    EXPECT_TRUE(ann.get(page).mentions("aria-label=\"Account: Ann &lt;b&gt;Lee")) << page;
    EXPECT_TRUE(ann.get(page).mentions("/signout\"")) << page;
  }
  ann.patch("/v1/me", {{"name", "Annie"}});
  EXPECT_TRUE(ann.get("/").mentions("<bdi>Annie</bdi></a>"));
  EXPECT_FALSE(world.client().get("/").mentions("class=\"item who\""));
}

}  // namespace
}  // namespace cardea::api_tests
