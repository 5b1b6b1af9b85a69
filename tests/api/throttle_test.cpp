// Attempt budgets: guessing becomes slow on every surface that takes a password, and the owner still gets in.

#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

void fail_to_sign_in(Client& client, std::string_view uid, int times) {
  for (int i = 0; i < times; ++i) EXPECT_EQ(client.sign_in(uid, wrong_password).status, 401) << "attempt " << i + 1;
}

// ASVS 6.3.1
TEST(Throttle, sixth_attempt_has_to_wait) {
  World world;
  world.client().sign_up("ann");
  auto stranger = world.client();
  fail_to_sign_in(stranger, "ann", 5);
  const auto answer = stranger.sign_in("ann", wrong_password);
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.code(), "rate_limited");
  EXPECT_EQ(answer.header("Retry-After"), "1");
}

TEST(Throttle, right_password_of_a_stranger_waits_too) {
  World world;
  world.client().sign_up("ann");
  auto stranger = world.client();
  fail_to_sign_in(stranger, "ann", 5);
  EXPECT_EQ(stranger.sign_in("ann").status, 429);
  EXPECT_EQ(stranger.cookie("__Host-cardea"), "");
}

TEST(Throttle, waits_double_up_to_their_bound) {
  World world;
  world.client().sign_up("ann");
  auto stranger = world.client();
  fail_to_sign_in(stranger, "ann", 5);
  for (const auto* seconds : {"1", "2", "4", "8", "16", "32", "64", "128"}) {
    const auto answer = stranger.sign_in("ann", wrong_password);
    EXPECT_EQ(answer.header("Retry-After"), seconds);
    world.advance(std::chrono::seconds{std::stoi(seconds)} - 1us);
    EXPECT_EQ(stranger.sign_in("ann", wrong_password).status, 429);
    world.advance(1us);
    EXPECT_EQ(stranger.sign_in("ann", wrong_password).status, 401);
  }
}

TEST(Throttle, a_clock_that_was_ahead_for_a_while_keeps_nobody_out_for_longer_than_the_longest_wait) {
  for (const Duration ahead : {Duration{2h}, Duration{24h * 400}}) {
    World world;
    world.client().sign_up("ann");
    auto stranger = world.client();
    world.advance(ahead);
    fail_to_sign_in(stranger, "ann", 5);
    world.advance(-ahead);
    const auto refused = stranger.sign_in("ann");
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.header("Retry-After"), "900");
    world.advance(14min);
    EXPECT_EQ(stranger.sign_in("ann").status, 429);
    world.advance(1min);
    EXPECT_EQ(stranger.sign_in("ann").status, 200);
  }
}

TEST(Throttle, another_spelling_does_not_help) {
  World world;
  world.client().sign_up("Ann");
  std::vector<int> seen;
  for (const auto* spelling : {"Ann", "ann", "ANN", "aNN", " ann ", "anN", "ann"}) {
    seen.push_back(world.client().from("203.0.113.20").sign_in(spelling, wrong_password).status);
  }
  EXPECT_EQ(seen, (std::vector<int>{401, 401, 401, 401, 401, 429, 429}));
}

TEST(Throttle, slowing_does_not_tell_which_address_belongs_to_a_user_id) {
  World world;
  world.client().sign_up("ann", {{"email", "ann@example.org"}});
  auto stranger = world.client();
  fail_to_sign_in(stranger, "ann", 5);
  EXPECT_EQ(stranger.sign_in("ann@example.org", wrong_password).status,
            stranger.sign_in("bob@example.org", wrong_password).status);
}

TEST(Throttle, account_that_does_not_exist_is_slowed_alike) {
  World world;
  auto stranger = world.client();
  fail_to_sign_in(stranger, "nobody", 5);
  EXPECT_EQ(stranger.sign_in("NOBODY", wrong_password).status, 429);
}

TEST(Throttle, owner_gets_in_from_a_known_device_while_strangers_wait) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  ann.post("/v1/signout");
  auto stranger = world.client().from("203.0.113.5");
  fail_to_sign_in(stranger, "ann", 5);
  EXPECT_EQ(stranger.sign_in("ann").status, 429);
  EXPECT_EQ(ann.sign_in("ann").status, 200);
  EXPECT_EQ(stranger.sign_in("ann").status, 429);  // the owner's success does not end a stranger's wait
}

TEST(Throttle, known_device_of_one_account_helps_with_no_other) {
  World world;
  world.client().sign_up("ann");
  auto bob = world.client();
  bob.sign_up("bob");
  fail_to_sign_in(bob, "ann", 5);
  EXPECT_EQ(bob.sign_in("ann", wrong_password).status, 429);
}

TEST(Throttle, known_device_has_a_budget_of_its_own) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  fail_to_sign_in(ann, "ann", 10);
  EXPECT_EQ(ann.sign_in("ann", wrong_password).status, 429);
  EXPECT_EQ(world.client().sign_in("ann").status, 200);  // elsewhere the account is untouched
}

TEST(Throttle, success_gives_every_attempt_back) {
  World world;
  world.client().sign_up("ann");
  auto ann = world.client();
  fail_to_sign_in(ann, "ann", 4);
  EXPECT_EQ(ann.sign_in("ann").status, 200);
  auto stranger = world.client();
  fail_to_sign_in(stranger, "ann", 5);
  EXPECT_EQ(stranger.sign_in("ann", wrong_password).status, 429);
}

TEST(Throttle, attempts_come_back_with_time) {
  World world;
  world.client().sign_up("ann");
  auto stranger = world.client();
  fail_to_sign_in(stranger, "ann", 5);
  world.advance(15min);
  fail_to_sign_in(stranger, "ann", 5);
  EXPECT_EQ(stranger.sign_in("ann", wrong_password).status, 429);
}

// ASVS 6.3.1
TEST(Throttle, address_that_tries_many_accounts_is_slowed) {
  World world{[](app::Settings& settings) { settings.authn_budgets.address.free = 3; }};
  world.client().sign_up("ann");
  auto sprayer = world.client().from("203.0.113.5");
  for (const auto* uid : {"u1", "u2", "u3"}) EXPECT_EQ(sprayer.sign_in(uid, wrong_password).status, 401);
  EXPECT_EQ(sprayer.sign_in("u4", wrong_password).status, 429);
  EXPECT_EQ(world.client().from("203.0.113.6").sign_in("ann").status, 200);
}

TEST(Throttle, addresses_of_one_ipv6_subscriber_count_as_one) {
  World world{[](app::Settings& settings) { settings.authn_budgets.address.free = 2; }};
  const auto status = [&](std::string_view address, std::string_view uid) {
    return world.client().from(address).sign_in(uid, wrong_password).status;
  };
  EXPECT_EQ(status("2001:db8:1:2::1", "u1"), 401);
  EXPECT_EQ(status("2001:db8:1:2:ffff::2", "u2"), 401);
  EXPECT_EQ(status("2001:db8:1:2:3:4:5:6", "u3"), 429);
  EXPECT_EQ(status("2001:db8:1:3::1", "u4"), 401);
}

TEST(Throttle, whole_server_has_a_budget) {
  World world{[](app::Settings& settings) {
    settings.authn_budgets.whole.free = 2;
    settings.authn_budgets.whole.delay = 5s;
  }};
  auto one = world.client().from("203.0.113.5");
  EXPECT_EQ(one.sign_in("u1", wrong_password).status, 401);
  EXPECT_EQ(one.sign_in("u2", wrong_password).status, 401);
  const auto answer = one.sign_in("u3", wrong_password);
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.header("Retry-After"), "20");
}

TEST(Throttle, budget_survives_a_restart) {
  World world;
  world.client().sign_up("ann");
  auto stranger = world.client();
  fail_to_sign_in(stranger, "ann", 5);
  world.restart();
  EXPECT_EQ(stranger.sign_in("ann", wrong_password).status, 429);
}

TEST(Throttle, setting_can_lift_it) {
  World world{[](app::Settings& settings) {
    for (auto* budget :
         {&settings.authn_budgets.account, &settings.authn_budgets.address, &settings.authn_budgets.whole}) {
      budget->free = 1'000'000'000'000;
    }
  }};
  world.client().sign_up("ann");
  auto stranger = world.client();
  fail_to_sign_in(stranger, "ann", 30);
  EXPECT_EQ(stranger.sign_in("ann").status, 200);
}

// Every surface that takes a password draws on the same budgets.

TEST(ThrottleSurfaces, page_classic_contract_and_api_share_the_account_budget) {
  World world;
  world.client().sign_up("ann");
  auto stranger = world.client();
  EXPECT_EQ(stranger.sign_in("ann", wrong_password).status, 401);
  EXPECT_EQ(stranger.sign_in("ann", wrong_password).status, 401);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(stranger.submit("/signin", {{"uid", "ann"}, {"password", wrong_password}}).status, 401);
  }
  const wire::Object guess{{"uid", "ann"}, {"password", wrong_password}};
  EXPECT_EQ(stranger.post("/api/users/authenticate", guess).status, 400);

  EXPECT_EQ(stranger.sign_in("ann", wrong_password).status, 429);
  const auto page = stranger.submit("/signin", {{"uid", "ann"}, {"password", wrong_password}});
  EXPECT_EQ(page.status, 429);
  EXPECT_EQ(page.header("Retry-After"), "1");
  EXPECT_TRUE(page.header("Content-Type").starts_with("text/html"));
  const auto legacy = stranger.post("/api/users/authenticate", guess);
  EXPECT_EQ(legacy.status, 429);
  EXPECT_EQ(legacy.header("Retry-After"), "1");
  EXPECT_TRUE(legacy.has("message"));
}

TEST(ThrottleSurfaces, showing_and_changing_the_password_share_a_budget) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  const wire::Object change{{"current_password", wrong_password}, {"password", other_password}};
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(ann.reauthenticate(wrong_password).status, 401);
    EXPECT_EQ(ann.post("/v1/me/password", change).problems(), Texts{"current_password:wrong_password"});
  }
  EXPECT_EQ(ann.reauthenticate().status, 429);
  EXPECT_EQ(ann.post("/v1/me/password", change).status, 429);
  EXPECT_EQ(ann.submit("/reauth", {{"password", good_password}}).status, 429);
  EXPECT_EQ(ann.submit("/account/security", {{"current_password", good_password},
                                             {"password", other_password},
                                             {"password_confirm", other_password}})
                .status,
            429);
  EXPECT_EQ(world.client().sign_in("ann").status, 200);  // a stolen session cannot lock its owner out
}

// What costs something although every single request is right.

TEST(ThrottleRight, nobody_keeps_the_hashing_threads_busy_with_an_account_of_their_own) {
  World world{[](app::Settings& settings) { settings.authn_budgets.right.free = 7; }};
  auto ann = world.client();
  ann.sign_up("ann");
  world.client().sign_up("ben");
  std::vector<int> seen;
  for (int i = 0; i < 8; ++i)
    seen.push_back(i % 2 == 0 ? ann.sign_in("ann").status : world.client().sign_in("ann").status);
  EXPECT_EQ(seen, (std::vector<int>{200, 200, 200, 200, 200, 200, 200, 429}));
  EXPECT_EQ(ann.reauthenticate().status, 200) << "counted by account, not by name: another budget";
  EXPECT_EQ(world.client().sign_in("ben").status, 200);
  world.advance(5s);
  EXPECT_EQ(ann.sign_in("ann").status, 200);
}

TEST(ThrottleRight, nor_with_many_accounts_of_their_own) {
  World world{[](app::Settings& settings) { settings.authn_budgets.right_address.free = 6; }};
  for (int i = 0; i < 4; ++i) world.client().sign_up("ann" + std::to_string(i));
  std::vector<int> seen;
  for (int i = 0; i < 7; ++i) {
    seen.push_back(world.client().from("203.0.113.5").sign_in("ann" + std::to_string(i % 4)).status);
  }
  EXPECT_EQ(seen, (std::vector<int>{200, 200, 200, 200, 200, 200, 429}));
  EXPECT_EQ(world.client().from("203.0.113.6").sign_in("ann0").status, 200);
}

TEST(ThrottleRight, wrong_passwords_spend_none_of_it) {
  World world{[](app::Settings& settings) {
    settings.authn_budgets.right.free = 2;
    settings.authn_budgets.account.free = settings.authn_budgets.known_browser.free = 100;
  }};
  auto ann = world.client();
  ann.sign_up("ann");
  fail_to_sign_in(ann, "ann", 10);
  auto stranger = world.client();
  fail_to_sign_in(stranger, "ann", 10);
  fail_to_sign_in(stranger, "nobody", 10);
  EXPECT_EQ(ann.sign_in("ann").status, 200);
}

TEST(ThrottleRight, trying_addresses_costs_what_signing_up_costs_and_more) {
  World world;
  world.client().sign_up("ben", {{"email", "ben@example.org"}});
  auto ann = world.client();
  ann.sign_up("ann");
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(ann.patch("/v1/me", {{"email", "ben@example.org"}}).problems(), Texts{"email:email_taken"});
    EXPECT_EQ(ann.patch("/v1/me", {{"email", "a" + std::to_string(i) + "@example.org"}}).status, 200);
  }
  const auto slowed = ann.patch("/v1/me", {{"email", "ben@example.org"}});
  EXPECT_EQ(slowed.status, 429);
  EXPECT_EQ(slowed.header("Retry-After"), "60");
  EXPECT_EQ(ann.patch("/v1/me", {{"name", "Annie"}}).status, 200);
  EXPECT_EQ(ann.patch("/v1/me", {{"email", "a4@example.org"}}).status, 200) << "it is hers already";
}

TEST(ThrottleRight, changes_of_a_profile_are_events_that_are_kept_and_so_are_counted) {
  World world{[](app::Settings& settings) { settings.account_budgets.profile_change.free = 3; }};
  auto ann = world.client();
  ann.sign_up("ann");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ann.patch("/v1/me", {{"name", "Ann " + std::to_string(i)}}).status, 200);
  EXPECT_EQ(ann.patch("/v1/me", {{"name", "Annie"}}).status, 429);
  world.advance(10s);
  EXPECT_EQ(ann.patch("/v1/me", {{"name", "Annie"}}).status, 200);
}

}  // namespace
}  // namespace cardea::api_tests
