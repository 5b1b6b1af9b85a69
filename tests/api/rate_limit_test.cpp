// RateLimit and RateLimit-Policy: what is left of the budget that a request paid from, and nothing about anybody.

#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

TEST(RateLimit, tells_what_is_left_of_the_tries_and_how_long_to_wait) {
  World world;
  world.client().sign_up("ann");
  auto phone = world.client();
  for (int left = 4; left >= 1; --left) {
    const auto answer = phone.sign_in("ann", wrong_password);
    EXPECT_EQ(answer.status, 401);
    EXPECT_TRUE(answer.header("RateLimit").starts_with("\"signin\";r=" + std::to_string(left) + ";t="))
        << answer.header("RateLimit");
    EXPECT_EQ(answer.header("RateLimit-Policy"), "\"signin\";q=5;w=900");
  }
  EXPECT_EQ(phone.sign_in("ann", wrong_password).header("RateLimit"), "\"signin\";r=0;t=1");
  const auto slowed = phone.sign_in("ann", wrong_password);
  EXPECT_EQ(slowed.status, 429);
  EXPECT_EQ(slowed.header("RateLimit"), "\"signin\";r=0;t=" + slowed.header("Retry-After"));
}

TEST(RateLimit, is_the_same_whether_or_not_there_is_such_an_account) {
  World world;
  world.client().sign_up("ann", {{"email", "ann@example.org"}});
  world.client().sign_up("dora");
  world.disable("dora");
  std::map<std::string, Texts> told;
  for (const std::string name : {"ann", "ann@example.org", "dora", "nobody"}) {
    auto visitor = world.client();
    visitor.from("198.51.100." + std::to_string(told.size() + 1));
    for (int i = 0; i < 7; ++i) {
      const auto answer = visitor.sign_in(name, wrong_password);
      told[name].push_back(std::to_string(answer.status) + answer.header("RateLimit") +
                           answer.header("RateLimit-Policy"));
    }
  }
  for (const auto& [name, headers] : told) EXPECT_EQ(headers, told["nobody"]) << name;
  EXPECT_NE(told["nobody"][0].find("r=4"), std::string::npos);
}

TEST(RateLimit, does_not_tell_whether_a_browser_is_known_to_an_account) {
  World world;
  auto shared = world.client();
  shared.sign_up("ann");
  shared.post("/v1/signout");
  world.client().sign_up("bob");
  EXPECT_EQ(shared.sign_in("ann", wrong_password).header("RateLimit"), "");
  EXPECT_EQ(shared.sign_in("bob", wrong_password).header("RateLimit"), "");
  EXPECT_EQ(shared.sign_in("nobody", wrong_password).header("RateLimit"), "");
}

TEST(RateLimit, is_told_by_every_route_that_pays) {
  World world;
  auto ann = world.client();
  EXPECT_TRUE(ann.sign_up("ann").header("RateLimit").starts_with("\"signup\";r=59;"));
  EXPECT_TRUE(ann.patch("/v1/me", {{"name", "Ann B."}}).header("RateLimit").starts_with("\"profile\";r=99;"));
  EXPECT_TRUE(ann.reauthenticate(wrong_password).header("RateLimit").starts_with("\"signin\";"));
  EXPECT_EQ(ann.get("/v1/me").header("RateLimit"), "");
  EXPECT_EQ(ann.get("/v1/session").header("RateLimit-Policy"), "");
}

}  // namespace
}  // namespace cardea::api_tests
