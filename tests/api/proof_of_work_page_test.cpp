// Proof of work on the page of sign-up: with a script, and without one.

#include "tests/api/proof_of_work_scene.hpp"
#include "tests/support/form_text.hpp"

namespace cardea::api_tests {
namespace {

testing_support::FormFields filled(const std::string& uid) {
  return {{"name", "Ann"}, {"uid", uid}, {"password", good_password}, {"password_confirm", good_password}};
}

/// What the form holds to be solved.
std::string hidden_challenge(const Answer& page) {
  constexpr std::string_view before = "name=\"proof\" value=\"";
  const auto at = page.body.find(before);
  return at == std::string::npos ? std::string{} : page.body.substr(at + before.size(), 76);
}

/// As a browser without scripts does it: the challenge goes back as it came.
Answer submit_unsolved(World& world, const std::string& uid, std::string_view address = "192.0.2.10") {
  return world.client().from(address).submit("/signup", filled(uid));
}

/// As the script does it.
Answer submit_solved(World& world, const std::string& uid) {
  auto browser = world.client();
  auto fields = filled(uid);
  const auto page = browser.get("/signup");
  for (const auto& [name, value] : testing_support::hidden_fields(page.body, "/signup")) {
    fields.emplace_back(name, name == "proof" ? solved(value) : value);
  }
  return browser.post_form("/signup", fields);
}

TEST(ProofOfWorkPage, form_always_has_a_challenge_and_says_when_it_is_asked_for) {
  World world{asking(Asked::under_attack)};
  auto browser = world.client();
  const auto calm = browser.get("/signup");
  EXPECT_EQ(hidden_challenge(calm).size(), 76U);
  EXPECT_FALSE(calm.mentions("data-asked"));
  EXPECT_FALSE(calm.mentions("Without scripts"));
  flood(world, 5);
  const auto asked = browser.get("/signup");
  EXPECT_TRUE(asked.mentions("data-asked"));
  EXPECT_TRUE(asked.mentions("Without scripts"));
  EXPECT_TRUE(asked.mentions("data-bits=\"8\""));
  EXPECT_NE(hidden_challenge(asked), hidden_challenge(calm));
}

TEST(ProofOfWorkPage, form_that_was_opened_before_the_attack_is_taken_in_it) {
  World world{asking(Asked::under_attack)};
  auto browser = world.client();
  auto fields = filled("ann");
  for (const auto& [name, value] : testing_support::hidden_fields(browser.get("/signup").body, "/signup")) {
    fields.emplace_back(name, name == "proof" ? solved(value) : value);
  }
  flood(world, 5);
  EXPECT_EQ(browser.post_form("/signup", fields).status, 303);
}

TEST(ProofOfWorkPage, solved_form_makes_an_account_each_time) {
  World world{asking(Asked::always, 1000)};
  for (int i = 0; i < 6; ++i) EXPECT_EQ(submit_solved(world, "ann" + std::to_string(i)).status, 303);
  EXPECT_EQ(world.accounts(), 6);
  EXPECT_EQ(spent(world), 6);
}

TEST(ProofOfWorkPage, form_without_the_field_is_shown_again_with_a_challenge) {
  World world{asking(Asked::always)};
  auto browser = world.client();
  auto fields = filled("ann");
  for (const auto& [name, value] : testing_support::hidden_fields(browser.get("/signup").body, "/signup")) {
    if (name != "proof") fields.emplace_back(name, value);
  }
  Answer page;
  EXPECT_EQ(world.statements([&] { page = browser.post_form("/signup", fields); }).size(), 0U);
  EXPECT_EQ(page.status, 403);
  EXPECT_TRUE(page.mentions("We need one more short check"));
  EXPECT_EQ(hidden_challenge(page).size(), 76U);
  EXPECT_TRUE(page.mentions("value=\"ann\"")) << "what was typed is there, but for the password";
  EXPECT_FALSE(page.mentions(good_password));
  EXPECT_EQ(world.accounts(), 0);
}

TEST(ProofOfWorkPage, without_scripts_two_from_one_network_sign_up_and_then_wait) {
  World world{asking(Asked::always)};
  EXPECT_EQ(submit_unsolved(world, "ann").status, 303);
  EXPECT_EQ(submit_unsolved(world, "bob").status, 303);
  const auto third = submit_unsolved(world, "cid");
  EXPECT_EQ(third.status, 429) << third.body;
  EXPECT_EQ(third.header("Retry-After"), "60");
  EXPECT_EQ(submit_unsolved(world, "dot", "203.0.113.5").status, 303) << "another network";
  EXPECT_EQ(submit_solved(world, "eve").status, 303) << "with a script there is no such budget";
  world.advance(1min);
  EXPECT_EQ(submit_unsolved(world, "cid").status, 303);
  EXPECT_EQ(world.accounts(), 5);
}

TEST(ProofOfWorkPage, what_strangers_have_spent_delays_who_has_no_script_and_shuts_nobody_out) {
  World world{asking(Asked::always, 1000)};
  // All of them are counted in one of sixteen parts, by their address.
  const auto part = [](const std::string& address) { return crypto::sha256(address)[0] & 15U; };
  std::vector<std::string> addresses;
  for (int i = 1; addresses.size() < 3; ++i) {
    const std::string address = "203.0.113." + std::to_string(i);
    if (part(address) == part("198.51.100.7")) addresses.push_back(address);
  }
  EXPECT_EQ(submit_unsolved(world, "bot1", addresses[0]).status, 303);
  EXPECT_EQ(submit_unsolved(world, "bot2", addresses[1]).status, 303);
  const auto waits = submit_unsolved(world, "ann", "198.51.100.7");
  EXPECT_EQ(waits.status, 429);
  EXPECT_EQ(waits.header("Retry-After"), "20");
  world.advance(20s);
  EXPECT_EQ(submit_unsolved(world, "ann", "198.51.100.7").status, 303);
}

TEST(ProofOfWorkPage, unsolved_challenge_works_once_and_while_it_lasts) {
  World world{asking(Asked::always)};
  const auto challenge = challenge_of(world);
  EXPECT_EQ(sign_up_with(world, "ann", challenge).status, 201);
  EXPECT_EQ(sign_up_with(world, "bob", challenge).code(), "signup_proof_not_valid");
  EXPECT_EQ(sign_up_with(world, "bob", solved(challenge)).code(), "signup_proof_not_valid") << "solved afterwards";
  auto other = world.client();
  other.from("203.0.113.5");
  const auto old = challenge_of(world);
  world.advance(30min);
  EXPECT_EQ(other.sign_up("bob", {{"proof", old}}).code(), "signup_proof_not_valid");
  EXPECT_EQ(world.accounts(), 1);
}

}  // namespace
}  // namespace cardea::api_tests
