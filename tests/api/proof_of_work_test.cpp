// Proof of work at sign-up over the API: when it is asked for, what is taken for one, and what a wrong one costs us.

#include "tests/api/proof_of_work_scene.hpp"

#include <atomic>

#include "crypto/hash.hpp"
#include "tests/api/openapi_checker.hpp"
#include "tests/support/hash_probe.hpp"

namespace cardea::api_tests {
namespace {

void expect_refused(const Answer& answer, std::string_view code) {
  EXPECT_EQ(answer.status, 403) << answer.body;
  EXPECT_EQ(answer.code(), code);
  EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
  EXPECT_EQ(answer.json("challenge/algorithm"), "sha-256");
  EXPECT_EQ(answer.text("challenge/text").size(), 76U);
}

TEST(ProofOfWork, is_not_asked_for_while_people_sign_up_as_people_do) {
  World world;  // as it comes
  for (int i = 0; i < 59; ++i) {
    ASSERT_EQ(world.client().from("192.0.2." + std::to_string(i)).sign_up("ann" + std::to_string(i)).status, 201);
  }
  EXPECT_EQ(world.client().get("/v1/signup/challenge").json("asked"), false);
  world.advance(2min);
  // What comes unasked is not looked at, and costs no row.
  EXPECT_EQ(sign_up_with(world, "bob", "no proof at all").status, 201);
  EXPECT_EQ(sign_up_with(world, "cid", solved(challenge_of(world), 12)).status, 201);
  EXPECT_EQ(spent(world), 0);
}

TEST(ProofOfWork, under_attack_nobody_gets_an_account_without_one) {
  World world{asking(Asked::under_attack)};
  flood(world, 4);
  EXPECT_EQ(world.accounts(), 4);
  const auto first = world.client().sign_up("ann");
  expect_refused(first, "signup_proof_required");
  EXPECT_EQ(first.json("challenge/difficulty"), std::int64_t{easy});
  EXPECT_EQ(first.json("challenge/expires_at"), "2026-11-23T12:30:00.000Z");
  for (const auto* none : {"", ":", ":1"}) EXPECT_NE(sign_up_with(world, "ann", none).status, 201);
  EXPECT_EQ(world.accounts(), 4);
  EXPECT_EQ(sign_up_with(world, "ann", solved(first.text("challenge/text"))).status, 201);
  EXPECT_EQ(world.accounts(), 5);
  EXPECT_EQ(spent(world), 1);
}

TEST(ProofOfWork, an_attack_is_counted_by_sign_ups_that_are_refused_too) {
  World world{asking(Asked::under_attack)};
  for (int i = 0; i < 4; ++i) EXPECT_EQ(world.client().sign_up("a").status, 422);
  expect_refused(world.client().sign_up("ann"), "signup_proof_required");
  EXPECT_EQ(world.accounts(), 0);
}

TEST(ProofOfWork, an_attack_begins_and_ends_in_log_and_metrics) {
  World world{asking(Asked::under_attack)};
  const auto gauge = [&] {
    return world.metrics().prometheus_text().find("\ncardea_signup_under_attack 1") != std::string::npos;
  };
  flood(world, 4);
  EXPECT_FALSE(gauge());
  flood(world, 2);
  EXPECT_TRUE(gauge());
  EXPECT_NE(world.log().find("signup.attack_began"), std::string::npos);
  EXPECT_EQ(world.log().find("signup.attack_began"), world.log().rfind("signup.attack_began")) << "said once";
  EXPECT_EQ(world.client().get("/v1/signup/challenge").json("asked"), true);
  world.advance(6min);
  EXPECT_EQ(world.log().find("signup.attack_ended"), std::string::npos);
  EXPECT_FALSE(gauge());
  EXPECT_NE(world.log().find("signup.attack_ended"), std::string::npos);
  EXPECT_EQ(world.client().sign_up("ann").status, 201);
}

TEST(ProofOfWork, always_is_always_and_off_is_never) {
  World always{asking(Asked::always)};
  expect_refused(always.client().sign_up("ann"), "signup_proof_required");
  EXPECT_EQ(sign_up_with(always, "ann", solved(challenge_of(always))).status, 201);
  World off{asking(Asked::off)};
  flood(off, 20);
  EXPECT_EQ(off.accounts(), 20);
  EXPECT_EQ(off.client().get("/v1/signup/challenge").json("asked"), false);
  EXPECT_FALSE(off.client().get("/signup").mentions("name=\"proof\""));
}

TEST(ProofOfWork, each_works_once) {
  World world{asking(Asked::always)};
  const auto challenge = challenge_of(world);
  const auto proof = solved(challenge);
  EXPECT_EQ(sign_up_with(world, "ann", proof).status, 201);
  expect_refused(sign_up_with(world, "bob", proof), "signup_proof_not_valid");
  // Another number for the same challenge is the same proof.
  std::int64_t number = std::stoll(proof.substr(proof.find(':') + 1)) + 1;
  while (!proof_of_work::solves(challenge, std::to_string(number), easy)) ++number;
  expect_refused(sign_up_with(world, "bob", challenge + ":" + std::to_string(number)), "signup_proof_not_valid");
  const auto padded = challenge + ":0" + proof.substr(proof.find(':') + 1);
  expect_refused(sign_up_with(world, "bob", padded), "signup_proof_not_valid");
  EXPECT_EQ(world.accounts(), 1);
  EXPECT_EQ(spent(world), 1);
}

TEST(ProofOfWork, what_is_no_proof_of_this_is_none) {
  World world{asking(Asked::always)};
  const Time end = world.now() + 10min;
  const auto own = challenges_of(world);
  ASSERT_EQ(sign_up_with(world, "bob", solved(own.make(terms_until(end)))).status, 201) << "the scene signs as it does";
  const auto refused = [&](const std::string& proof) {
    expect_refused(sign_up_with(world, "ann", proof), "signup_proof_not_valid");
  };
  const auto terms = [](Time until, std::int64_t bits = easy) {
    auto made = terms_until(until, bits);
    made.seed[0] = 8;
    return made;
  };
  refused(solved(challenges_of(world, "signin").make(terms(end))));
  refused(solved(proof_of_work::Challenges{Secret{std::string(32, 'k')}, "signup"}.make(terms(end))));
  refused(solved(own.make(terms(world.now()))));           // over
  refused(solved(own.make(terms(world.now() + 32min))));   // by a clock that was wrong
  const auto hard = own.make(terms(end, 20));
  refused(hard + ":0");                                    // below its difficulty
  refused(solved(hard, 8));
  // Easier, later or of another seed than it was signed: the text is changed in that place alone.
  const auto text = own.make(terms(end, 20));
  for (const std::size_t at : {0UL, 5UL, 20UL, 22UL, 25UL, 30UL, 33UL, 40UL, 75UL}) {
    auto changed = text;
    changed[at] = changed[at] == 'A' ? 'Q' : 'A';
    refused(solved(changed));
  }
  refused(solved("AAAA"));
  EXPECT_EQ(world.accounts(), 1);
  EXPECT_EQ(spent(world), 1) << "only a right proof costs a row";
}

TEST(ProofOfWork, is_over_after_half_an_hour) {
  World world{asking(Asked::always)};
  const auto late = solved(challenge_of(world));
  const auto early = solved(challenge_of(world));
  world.advance(30min - 1us);
  EXPECT_EQ(sign_up_with(world, "ann", early).status, 201);
  world.advance(1us);
  expect_refused(sign_up_with(world, "bob", late), "signup_proof_not_valid");
}

TEST(ProofOfWork, before_it_is_right_nothing_is_asked_of_the_database_and_nothing_hashed) {
  World world{asking(Asked::always)};
  const auto hashed = testing_support::hashes_computed();
  const auto used = solved(challenge_of(world));
  const auto weak = challenges_of(world).make(terms_until(world.now() + 10min, 22)) + ":1";
  for (const auto& proof : {std::string{}, std::string{"x"}, weak, std::string(200, 'A')}) {
    EXPECT_EQ(world.statements([&] { EXPECT_EQ(sign_up_with(world, "ann", proof).status, 403); }).size(), 0U) << proof;
    const wire::Object invited{{"invitation", std::string(43, 'A')}};
    EXPECT_EQ(world.statements([&] { sign_up_with(world, "ann", proof, invited); }).size(), 0U);
    EXPECT_EQ(world.statements([&] { world.client().sign_up("ann"); }).size(), 0U);
  }
  EXPECT_EQ(world.statements([&] { challenge_of(world); }).size(), 0U) << "one costs no row";
  EXPECT_EQ(testing_support::hashes_computed(), hashed);
  EXPECT_EQ(sign_up_with(world, "ann", used).status, 201);
  EXPECT_EQ(testing_support::hashes_computed(), hashed + 1);
  EXPECT_EQ(world.statements([&] { sign_up_with(world, "bob", used); }).size(), 1U);
  EXPECT_EQ(testing_support::hashes_computed(), hashed + 1) << "a used one is not hashed for either";
}

TEST(ProofOfWork, is_not_used_up_by_a_form_that_is_wrong) {
  World world{asking(Asked::always)};
  const auto proof = solved(challenge_of(world));
  EXPECT_EQ(sign_up_with(world, "a", proof).status, 422);
  EXPECT_EQ(sign_up_with(world, "ann", proof).status, 201);
}

TEST(ProofOfWork, is_asked_of_who_is_invited_before_the_link_is_looked_at) {
  World world{asking(Asked::always)};
  const wire::Object invited{{"invitation", std::string(43, 'A')}};
  expect_refused(world.client().sign_up("ann", invited), "signup_proof_required");
  EXPECT_EQ(sign_up_with(world, "ann", solved(challenge_of(world)), invited).code(), "invitation_not_valid");
  EXPECT_EQ(spent(world), 1);
}

TEST(ProofOfWork, grows_harder_with_what_is_solved) {
  World world{asking(Asked::always, 2)};
  const auto bits = [&] { return world.client().get("/v1/signup/challenge").json("challenge/difficulty"); };
  for (int i = 0; i < 9; ++i) world.client().sign_up("nobody");
  EXPECT_EQ(bits(), std::int64_t{easy}) << "who solves nothing makes it harder for nobody";
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(sign_up_with(world, "ann." + std::to_string(10 + i), solved(challenge_of(world))).status, 201);
  }
  EXPECT_EQ(bits(), std::int64_t{easy + 1});
  world.advance(2min);
  EXPECT_EQ(bits(), std::int64_t{easy});
}

TEST(ProofOfWork, rows_go_when_nobody_could_use_them_any_more) {
  World world{asking(Asked::always)};
  EXPECT_EQ(sign_up_with(world, "ann", solved(challenge_of(world))).status, 201);
  world.advance(89min);
  world.run_jobs();
  EXPECT_EQ(spent(world), 1) << "the clock of another process may be behind";
  world.advance(2min);
  world.run_jobs();
  EXPECT_EQ(spent(world), 0);
}

TEST(ProofOfWork, front_ends_of_the_older_contract_are_told_in_its_form) {
  World world{asking(Asked::under_attack)};
  const wire::Object body{{"name", "Ann"}, {"uid", "ann"}, {"password", good_password}};
  EXPECT_EQ(world.curl().post("/api/users", body).status, 200);
  flood(world, 4);
  const auto refused = world.curl().post("/api/users", {{"name", "Bob"}, {"uid", "bob"}, {"password", good_password}});
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.code(), "signup_proof_required");
  EXPECT_EQ(refused.text("message"), authn::signup_proof_required.title);
}

TEST(ProofOfWork, answers_are_as_the_document_describes_them) {
  World world{asking(Asked::always)};
  const auto document = document_of(world);
  const Checker checker{document};
  const auto& schemas = *document.find("components")->find("schemas");
  const auto challenge = world.client().get("/v1/signup/challenge");
  EXPECT_EQ(checker.check(*schemas.find("SignUpChallenge"), challenge.json()), Texts{}) << challenge.body;
  const auto refused = world.client().sign_up("ann");
  EXPECT_EQ(checker.check(*schemas.find("Problem"), refused.json()), Texts{}) << refused.body;
  EXPECT_NE(world.house().openapi().find("signup_proof_required"), std::string::npos);
  EXPECT_NE(schemas.find("SignUp")->find("properties")->find("proof"), nullptr);
}

TEST(ProofOfWork, a_request_sent_again_under_its_key_is_answered_as_before) {
  World world{asking(Asked::always)};
  auto ann = world.client();
  ann.header("Idempotency-Key", "0c1b6a7e-5b0e-4f3e-9a8e-2f7f0a1b2c3d");
  const auto proof = solved(challenge_of(world));
  EXPECT_EQ(ann.sign_up("ann", {{"proof", proof}}).status, 201);
  EXPECT_EQ(ann.sign_up("ann", {{"proof", proof}}).status, 201);
  EXPECT_EQ(world.accounts(), 1);
}

class ProofRace : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(engines, ProofRace, testing_support::both_engines(), testing_support::engine_name);

void race_for(World& here, World& there) {
  const auto proof = solved(challenge_of(here));
  std::atomic<int> made = 0;
  std::atomic<int> refused = 0;
  testing_support::race(20, [&](int i) {
    for (int k = 0; k < 5; ++k) {
      const auto answer = sign_up_with(i % 2 == 0 ? here : there, "user." + std::to_string(100 + 5 * i + k), proof);
      if (answer.status == 201) ++made;
      if (answer.code() == "signup_proof_not_valid") ++refused;
    }
  });
  EXPECT_EQ(made, 1);
  EXPECT_EQ(refused, 99);
  EXPECT_EQ(here.accounts(), 1);
  EXPECT_EQ(spent(here), 1);
}

TEST_P(ProofRace, of_a_hundred_sign_ups_with_one_proof_one_makes_an_account) {
  World world{asking(Asked::always), GetParam()};
  race_for(world, world);
}

TEST_P(ProofRace, in_two_processes_too_and_each_takes_the_challenges_of_the_other) {
  World here{asking(Asked::always), GetParam()};
  World there{World::Beside{here}, asking(Asked::always)};
  race_for(here, there);
  EXPECT_EQ(sign_up_with(there, "ann", solved(challenge_of(here))).status, 201);
}

}  // namespace
}  // namespace cardea::api_tests
