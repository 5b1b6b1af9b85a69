// What strangers share: it slows them together, and delays others without shutting them out.

#include "tests/api/scene.hpp"
#include "tests/support/unguarded.hpp"

namespace cardea::api_tests {
namespace {

/// Wrong passwords for one name from ever new addresses, until what they share is spent; how many were judged.
int attack(World& world, std::string_view uid) {
  for (int i = 0; i < 250; ++i) {
    const auto answer = world.client().from("203.0.113." + std::to_string(i)).sign_in(uid, wrong_password);
    if (answer.status == 429) return i;
    EXPECT_EQ(answer.status, 401);
  }
  return 250;
}

TEST(ThrottleShared, many_addresses_together_are_slowed_too) {
  World world;
  world.client().sign_up("ann");
  EXPECT_EQ(attack(world, "ann"), 50);
  EXPECT_EQ(attack(world, "nobody"), 50) << "and it does not tell who exists";
}

// ASVS 6.3.1
TEST(ThrottleShared, the_owner_with_a_new_browser_gets_in_within_a_minute_whatever_strangers_do) {
  World world;
  world.client().sign_up("ann");
  attack(world, "ann");
  auto owner = world.client().from("198.51.100.7");
  const auto first = owner.sign_in("ann");
  EXPECT_EQ(first.status, 429);
  EXPECT_EQ(first.header("Retry-After"), "20");
  int tries = 0;
  int last = 0;
  for (const Time begun = world.now(); last != 200 && world.now() - begun < 60s; world.advance(2s)) {
    for (int i = 0; i < 10; ++i) {  // strangers old and new
      (void)world.client().from("203.0.113." + std::to_string(i)).sign_in("ann", wrong_password);
      (void)world.client().from("192.0.2." + std::to_string(100 + tries)).sign_in("ann", wrong_password);
    }
    last = owner.sign_in("ann").status;
    ++tries;
  }
  EXPECT_EQ(last, 200) << "after " << tries << " tries";
}

TEST(ThrottleShared, a_turn_is_one_guess_and_no_way_around_what_is_ones_own) {
  World world;
  world.client().sign_up("ann");
  attack(world, "ann");
  auto stranger = world.client().from("198.51.100.66");
  EXPECT_EQ(stranger.sign_in("ann", wrong_password).status, 429);
  world.advance(20s);
  EXPECT_EQ(stranger.sign_in("ann", wrong_password).status, 401);
  auto guesser = world.client().from("198.51.100.67");
  int judged = 0;
  for (int seconds = 0; seconds < 200; ++seconds, world.advance(1s)) {
    judged += guesser.sign_in("ann", wrong_password).status == 401 ? 1 : 0;
  }
  EXPECT_LE(judged, 12) << "five, and one for each longer wait";
}

TEST(ThrottleShared, what_all_share_is_passed_in_turn_too) {
  World world{[](app::Settings& settings) { settings.authn_budgets.whole.free = 1; }};
  world.client().sign_up("ann");
  std::vector<std::string> addresses;
  for (int i = 0; i < 40; ++i) addresses.push_back("203.0.113." + std::to_string(i));
  for (const auto& address : addresses) (void)world.client().from(address).sign_in("u" + address, wrong_password);
  auto owner = world.client().from(addresses[0]);
  EXPECT_EQ(owner.sign_in("ann").header("Retry-After"), "20");
  world.advance(20s);
  for (const auto& address : addresses) (void)world.client().from(address).sign_in("v" + address, wrong_password);
  EXPECT_EQ(owner.sign_in("ann").status, 200);
}

TEST(ThrottleShared, nobody_is_kept_from_signing_up_by_strangers_who_do) {
  World world{[](app::Settings& settings) { settings.account_budgets.signup_whole.free = 1; }, "sqlite",
              testing_support::unguarded};
  for (int i = 0; i < 60; ++i) {
    (void)world.client().from("203.0.113." + std::to_string(i)).sign_up("stranger" + std::to_string(i));
  }
  auto ann = world.client().from("203.0.113.200");
  EXPECT_EQ(ann.sign_up("ann").header("Retry-After"), "20");
  world.advance(20s);
  EXPECT_EQ(ann.sign_up("ann").status, 201);
}

TEST(ThrottleNetworks, names_tried_from_all_over_one_ipv6_network_are_counted_together) {
  for (const char* step : {"", "0"}) {  // ever new /64 of one /56, of one /48
    World world;
    int judged = 0;
    for (int i = 0; i < 400; ++i) {
      std::string group = std::to_string(1000 + i);  // four hexadecimal digits
      if (*step == '\0') group = "10" + group.substr(2);
      const auto answer =
          world.client().from("2001:db8:7:" + group + "::1").sign_in("u" + std::to_string(i), wrong_password);
      judged += answer.status == 401 ? 1 : 0;
    }
    EXPECT_LE(judged, 310);
    EXPECT_GE(judged, 100);
    EXPECT_EQ(world.client().from("2001:db8:8::1").sign_in("v", wrong_password).status, 401) << "another network";
  }
}

}  // namespace
}  // namespace cardea::api_tests
