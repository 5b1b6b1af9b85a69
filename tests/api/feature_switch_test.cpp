// Features that are turned off: no route, link or word of them is left.

#include <algorithm>
#include <sstream>

#include "app/error_reference.hpp"
#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

struct Switch {
  std::string name;
  Texts paths;  // what its routes begin with
  Texts words;  // what no page may say then
};

const std::vector<Switch>& switches() {
  static const std::vector<Switch> all{{"notes", {"/v1/me/notes", "/account/notes", "/api/notes"}, {"note", "Note"}},
                                       {"people", {"/v1/users", "/users"}, {"People", "people", "/users"}},
                                       {"legacy_api", {"/api"}, {"classic", "legacy", "/api/"}}};
  return all;
}

bool begins_with_any(std::string_view path, const Texts& starts) {
  return std::ranges::any_of(starts, [&](const auto& start) { return path.starts_with(start); });
}

/// All pages that can be opened without knowing an id, for this client.
std::string all_pages(World& world, Client& client) {
  std::string text;
  for (const auto& route : world.house().pipeline().routes()) {
    const bool is_page = route.surface->is_for_browsers && route.method == http::Method::get;
    if (is_page && route.path.find('{') == std::string_view::npos) text += client.get(route.path).body;
  }
  return text;
}

/// A hashed name of an asset may spell anything, and so may a token.
std::string visible(const std::string& html) {
  std::istringstream lines{html};
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("/assets/") == std::string::npos && line.find("\"csrf\"") == std::string::npos) text += line + "\n";
  }
  return text;
}

TEST(FeatureSwitch, that_is_off_leaves_no_route_link_or_word) {
  for (const auto& each : switches()) {
    World on;
    World off{[&](app::Settings& settings) { settings.switches[each.name] = false; }};
    const auto count = [&](World& world) {
      return std::ranges::count_if(world.house().pipeline().routes(),
                                   [&](const auto& route) { return begins_with_any(route.path, each.paths); });
    };
    EXPECT_GT(count(on), 0) << each.name;
    EXPECT_EQ(count(off), 0) << each.name;
    auto visitor = off.client();
    auto ann = off.client();
    ann.sign_up("ann");
    const auto pages = visible(all_pages(off, visitor) + all_pages(off, ann));
    for (const auto& word : each.words) EXPECT_EQ(pages.find(word), std::string::npos) << each.name << ": " << word;
    auto bob = on.client();
    bob.sign_up("bob");
    const auto with = visible(all_pages(on, bob));
    EXPECT_NE(with.find(each.words.front()), std::string::npos) << each.name << ": the word is no word of it";
  }
}

TEST(FeatureSwitch, of_all_at_once_leaves_a_server_that_works) {
  World world{[](app::Settings& settings) {
    for (const auto& each : switches()) settings.switches[each.name] = false;
  }};
  auto ann = world.client();
  EXPECT_EQ(ann.sign_up("ann").status, 201);
  EXPECT_EQ(ann.get("/account").status, 200);
  EXPECT_EQ(ann.get("/v1/me").status, 200);
  EXPECT_EQ(ann.get("/api/users").status, 404);
  EXPECT_EQ(ann.get("/v1/me/notes").status, 404);
  EXPECT_EQ(ann.get("/v1/users").status, 404);
}

TEST(SignupPage, asks_for_few_fields_and_takes_the_others_that_are_declared) {
  World world;
  const auto page = world.client().get("/signup");
  std::size_t inputs = 0;
  for (auto at = page.body.find("<label for="); at != std::string::npos; at = page.body.find("<label for=", at + 1))
    ++inputs;
  EXPECT_EQ(inputs, 5U);  // name, user id, e-mail, and the password twice
  for (const auto* name : {"dob", "tracking", "exercise", "coins"}) {
    EXPECT_FALSE(page.mentions("name=\"" + std::string{name} + "\"")) << name;
  }
  auto ann = world.client();
  ann.submit("/signup", {{"name", "Ann"},
                         {"uid", "ann"},
                         {"email", ""},
                         {"password", good_password},
                         {"password_confirm", good_password},
                         {"dob", "1990-12-10"}});
  EXPECT_EQ(ann.get("/v1/me").json("dob"), "1990-12-10");
  EXPECT_TRUE(ann.get("/account").mentions("name=\"tracking\""));
}

TEST(SignupPage, asks_first_for_what_is_needed_and_lists_problems_in_that_order) {
  for (const bool is_needed : {false, true}) {
    World world{[&](app::Settings& settings) {
      settings.identity.email = is_needed ? identity::Presence::required : identity::Presence::optional;
    }};
    auto visitor = world.client();
    const auto is_before = [](const Answer& page, const std::string& one, const std::string& other) {
      EXPECT_TRUE(page.mentions(one) && page.mentions(other)) << page.body;
      return page.body.find(one) < page.body.find(other);
    };
    EXPECT_EQ(is_before(visitor.get("/signup"), "id=\"email\"", "id=\"password\""), is_needed);
    const auto refused = visitor.submit(
        "/signup",
        {{"name", "Ann"}, {"uid", "ann"}, {"email", "none"}, {"password", "short"}, {"password_confirm", "short"}});
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(is_before(refused, "href=\"#email\"", "href=\"#password\""), is_needed);
  }
}

TEST(SignupPage, shows_a_declared_field_where_its_declaration_says_so) {
  World world{[](app::Settings& settings) {
    settings.identity.fields = {{.name = "team", .label = "Team"},
                                {.name = "motto", .label = "Motto", .on_signup = false}};
  }};
  auto visitor = world.client();
  EXPECT_TRUE(visitor.get("/signup").mentions("name=\"team\""));
  EXPECT_FALSE(visitor.get("/signup").mentions("name=\"motto\""));
  visitor.sign_up("ann");
  for (const auto* name : {"team", "motto"})
    EXPECT_TRUE(visitor.get("/account").mentions("name=\"" + std::string{name} + "\""));
}

}  // namespace
}  // namespace cardea::api_tests
