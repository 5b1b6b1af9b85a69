// Signing in and up lead on to a page here, or to a front end that the operator has listed, and nowhere else.

#include "encoding/form.hpp"
#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

constexpr std::string_view own_forms = "form-action 'self';";

World world_with_front_end() {
  return World{[](app::Settings& settings) {
    settings.cors_origins = {"https://app.example.com", "http://localhost:4100", "http://[::1]:4100"};
  }};
}

std::string encoded(std::string_view text) { return encoding::percent_encode(text); }

/// Addresses that look like a listed one, or like a page here.
const std::vector<std::string>& tricks() {
  static const std::vector<std::string> all{"https://evil.example/",
                                            "https://app.example.com.evil.example/",
                                            "https://evil-app.example.com/",
                                            "https://sub.app.example.com/",
                                            "https://app.example.com@evil.example/",
                                            "https://app.example.com:x@evil.example/",
                                            "https://app.example.com:444/",
                                            "http://app.example.com/",
                                            "//app.example.com/",
                                            "///app.example.com/",
                                            "https:app.example.com",
                                            "https:///app.example.com/",
                                            "https:/app.example.com/",
                                            "https://app.example.com\\@evil.example/",
                                            "https://app.example.com%40evil.example/",
                                            "https://app.example.com%2f@evil.example/",
                                            "https%3A%2F%2Fapp.example.com%2F",
                                            "/\\evil.example",
                                            "/%2F/evil.example",
                                            "/%5Cevil.example",
                                            "javascript:alert(1)//://app.example.com",
                                            "javascript://app.example.com/%0aalert(1)",
                                            "https://app.example.com /",
                                            "https://app.example.com\t/",
                                            " https://app.example.com/",
                                            "https://app.example.com\r\nX: y",
                                            "data:text/html,x",
                                            "\\\\evil.example",
                                            "https://evil.example#https://app.example.com",
                                            "https://evil.example?https://app.example.com",
                                            "ftp://app.example.com/",
                                            "null",
                                            "https://app.example.com.",
                                            "https://APP.EXAMPLE.COM.EVIL.EXAMPLE/",
                                            "https://*.example.com/",
                                            "http://[::1]:4100/"};
  return all;
}

void expect_own_forms_only(const Answer& page, const std::string& place) {
  const auto policy = std::string{page.header("Content-Security-Policy")};
  EXPECT_NE(policy.find(own_forms), std::string::npos) << place << "\n" << policy;
}

TEST(SignInNext, leads_to_a_front_end_that_is_listed) {
  auto world = world_with_front_end();
  world.client().sign_up("ann");
  for (const std::string place : {"https://app.example.com/notes?x=1#top", "https://app.example.com",
                                  "http://localhost:4100/", "https://APP.example.com:443/a"}) {
    auto ann = world.client();
    const auto path = "/signin?next=" + encoded(place);
    EXPECT_TRUE(ann.get(path).mentions("name=\"next\" value=\"" + place + "\"")) << place;
    const auto wrong = ann.submit(path, {{"uid", "ann"}, {"password", wrong_password}}, "/signin");
    EXPECT_EQ(wrong.status, 401);
    EXPECT_TRUE(wrong.mentions("name=\"next\" value=\"" + place + "\"")) << "a wrong password loses nothing";
    const auto in = ann.submit(path, {{"uid", "ann"}, {"password", good_password}}, "/signin");
    EXPECT_EQ(in.status, 303) << place;
    EXPECT_EQ(in.header("Location"), place);
    EXPECT_EQ(ann.get("/v1/session").status, 200);
    EXPECT_EQ(ann.get(path).header("Location"), place) << "who is in already goes on at once";
  }
}

TEST(SignUpNext, leads_to_a_front_end_that_is_listed) {
  auto world = world_with_front_end();
  auto ann = world.client();
  const std::string place = "http://localhost:4100/start";
  const auto up = ann.submit(
      "/signup?next=" + encoded(place),
      {{"name", "Ann Lee"}, {"uid", "ann"}, {"password", good_password}, {"password_confirm", good_password}},
      "/signup");
  EXPECT_EQ(up.status, 303) << up.body;
  EXPECT_EQ(up.header("Location"), place);
}

TEST(SignInNext, is_permitted_by_the_policy_of_the_page_with_the_form_and_of_no_other) {
  auto world = world_with_front_end();
  auto ann = world.client();
  for (const std::string page : {"/signin", "/signup"}) {
    const auto policy =
        std::string{ann.get(page + "?next=" + encoded("https://App.example.com/x")).header("Content-Security-Policy")};
    EXPECT_NE(policy.find("form-action 'self' https://app.example.com:443;"), std::string::npos)
        << "as the settings say it, not the request: " << policy;
    EXPECT_EQ(policy.find("localhost"), std::string::npos) << policy;
    EXPECT_EQ(policy.find("/x"), std::string::npos) << policy;
    expect_own_forms_only(ann.get(page), page);
    expect_own_forms_only(ann.get(page + "?next=/users"), page);
  }
  const auto wrong = ann.submit("/signin?next=" + encoded("http://localhost:4100/"),
                                {{"uid", "ann"}, {"password", wrong_password}}, "/signin");
  EXPECT_NE(wrong.header("Content-Security-Policy").find("form-action 'self' http://localhost:4100;"),
            std::string_view::npos)
      << "the page that is shown again too";
}

TEST(SignInNext, leads_nowhere_else) {
  auto world = world_with_front_end();
  world.client().sign_up("ann");
  for (const auto& place : tricks()) {
    auto ann = world.client();
    for (const std::string page : {"/signin", "/signup"}) {
      const auto shown = ann.get(page + "?next=" + encoded(place));
      expect_own_forms_only(shown, place);
      EXPECT_FALSE(shown.mentions("name=\"next\" value=\"h")) << place;
    }
    const auto in = ann.submit("/signin", {{"uid", "ann"}, {"password", good_password}, {"next", place}});
    EXPECT_EQ(in.header("Location"), "/account") << place;
    EXPECT_EQ(ann.get("/signin?next=" + encoded(place)).header("Location"), "/account") << place;
  }
}

TEST(SignUpNext, leads_nowhere_else) {
  auto world = world_with_front_end();
  for (const std::string place : {"https://evil.example/", "https://app.example.com@evil.example/", "//evil.example",
                                  "/\\evil.example", "javascript:alert(1)"}) {
    auto ann = world.client();
    const auto up = ann.submit("/signup", {{"name", "Ann Lee"},
                                           {"uid", "ann" + std::to_string(world.accounts())},
                                           {"password", good_password},
                                           {"password_confirm", good_password},
                                           {"next", place}});
    EXPECT_EQ(up.header("Location"), "/account") << place << up.body;
  }
}

TEST(SignInNext, without_a_list_leads_to_pages_here_alone) {
  World world;
  world.client().sign_up("ann");
  auto ann = world.client();
  const auto in =
      ann.submit("/signin", {{"uid", "ann"}, {"password", good_password}, {"next", "https://app.example.com/"}});
  EXPECT_EQ(in.header("Location"), "/account");
  EXPECT_EQ(ann.get("/signin?next=/users").header("Location"), "/users");
}

}  // namespace
}  // namespace cardea::api_tests
