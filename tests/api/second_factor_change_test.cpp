// What changes between the steps of a sign-in counts at the next one: nothing that an earlier step saw is believed.

#include "authn/authn.hpp"
#include "tests/api/second_factor.hpp"

namespace cardea::api_tests {
namespace {

class BetweenSteps : public ::testing::TestWithParam<std::string> {
 protected:
  SecondFactorScene scene{GetParam()};
  World& world = scene.world;
  BetweenSteps() { scene.enrol("ann"); }

  /// What authn is built with, under another policy.
  [[nodiscard]] authn::Deps with_policy(authn::Mfa mfa) {
    authn::Deps deps = world.house().authn();
    deps.policy.mfa = mfa;
    return deps;
  }
  [[nodiscard]] Context context() const { return {.now = world.now(), .origin = {.address = "192.0.2.10"}}; }
  void expect_refused(const Answer& answer, const std::string& code) {
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(answer.code(), code);
    EXPECT_EQ(answer.set_cookie(session_cookie_name), "");
    EXPECT_EQ(scene.count("session"), 0);
  }
  [[nodiscard]] std::string last_reason() {
    return world.database().read([](db::Tx& tx) {
      const auto row = tx.one("SELECT reason FROM audit_event WHERE kind = 'signin.failed' ORDER BY id DESC LIMIT 1");
      return row ? row->text(0) : "nothing failed";
    });
  }
};
INSTANTIATE_TEST_SUITE_P(engines, BetweenSteps, testing_support::both_engines(), testing_support::engine_name);

TEST_P(BetweenSteps, blocked_account_is_refused) {
  auto ann = scene.halfway();
  world.disable("ann");
  expect_refused(send_code(ann), "invalid_credentials");
}

TEST_P(BetweenSteps, account_blocked_while_the_code_is_judged_is_refused) {
  auto ann = scene.halfway();
  scene.factors.once_judged([&] { world.disable("ann"); });
  expect_refused(send_code(ann), "invalid_credentials");
  EXPECT_EQ(last_reason(), "changed_meanwhile");
}

TEST_P(BetweenSteps, password_that_was_changed_no_longer_holds) {
  auto owner = world.client();
  owner.sign_in("ann");
  send_code(owner);
  auto thief = scene.halfway();
  const wire::Object change{{"current_password", good_password}, {"password", other_password}};
  EXPECT_EQ(owner.post("/v1/me/password", change).status, 200);
  const auto sessions = scene.count("session");
  const auto answer = send_code(thief);
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.code(), "invalid_credentials");
  EXPECT_EQ(scene.count("session"), sessions);
}

TEST_P(BetweenSteps, deleted_account_takes_its_sign_ins_along) {
  auto owner = world.client();
  owner.sign_in("ann");
  send_code(owner);
  auto late = scene.halfway();
  EXPECT_EQ(owner.del("/v1/me").status, 204);
  EXPECT_EQ(scene.count("pending_signin"), 0);
  expect_refused(send_code(late), "signin_expired");
}

TEST_P(BetweenSteps, factor_that_was_removed_is_gone_and_the_password_alone_does_not_finish) {
  auto ann = scene.halfway();
  scene.factors.remove(world.id_of("ann"), AuthMethod::totp);
  EXPECT_EQ(send_code(ann).status, 404);
  EXPECT_EQ(scene.count("session"), 0);
  EXPECT_EQ(ann.sign_in("ann").json("state"), "complete") << "a sign-in that begins now needs one step";
}

TEST_P(BetweenSteps, factor_removed_while_its_code_is_judged_no_longer_holds) {
  auto ann = scene.halfway();
  scene.factors.once_judged([&] { scene.factors.remove(world.id_of("ann"), AuthMethod::totp); });
  expect_refused(send_code(ann), "invalid_credentials");
}

TEST_P(BetweenSteps, factor_that_was_added_is_offered_and_taken) {
  auto ann = scene.halfway();
  scene.factors.enrol(world.id_of("ann"), AuthMethod::recovery_code);
  EXPECT_TRUE(ann.get("/signin/verify").mentions("Recovery code"));
  EXPECT_EQ(send_code(ann, right_code, "recovery_code").json("state"), "complete");
}

TEST_P(BetweenSteps, code_that_was_used_elsewhere_meanwhile_is_refused) {
  auto ann = scene.halfway();
  scene.factors.once_judged([&] { scene.factors.spend_proofs(); });
  expect_refused(send_code(ann), "invalid_code");
  EXPECT_EQ(last_reason(), "used_code");
  EXPECT_EQ(scene.count("pending_signin"), 1) << "what was refused is rolled back";
}

TEST_P(BetweenSteps, policy_that_was_tightened_counts_at_once) {
  const auto ann = scene.halfway();
  const auto strict = with_policy(authn::Mfa::required);
  const auto token = ann.cookie(signin_cookie_name);
  // Two factors meet it. Who loses the second one before it was shown has none to show.
  const auto pending = authn::find_sign_in(strict, context(), token);
  EXPECT_EQ(pending.value().methods, std::vector{AuthMethod::totp});
  EXPECT_EQ(pending.value().needs, authn::Pending::Needs::second_factor);
  scene.factors.remove(world.id_of("ann"), AuthMethod::totp);
  EXPECT_EQ(authn::find_sign_in(strict, context(), token).value().needs, authn::Pending::Needs::enrolment);
  EXPECT_EQ(scene.count("session"), 0);

  scene.factors.enrol(world.id_of("ann"), AuthMethod::totp);
  const auto outcome =
      authn::continue_sign_in(strict, context(), {}, token, AuthMethod::totp, Secret{std::string{right_code}});
  ASSERT_TRUE(outcome.ok());
  EXPECT_TRUE(std::holds_alternative<authn::SignedIn>(*outcome));
}

TEST_P(BetweenSteps, policy_of_two_factors_refuses_who_has_one_and_counts_no_failure) {
  world.client().sign_up("bob");
  const auto strict = with_policy(authn::Mfa::required);
  const auto sessions = scene.count("session");
  for (int i = 0; i < 12; ++i) {
    const auto outcome = authn::sign_in(strict, context(), {}, "bob", Secret{std::string{good_password}});
    ASSERT_FALSE(outcome.ok());
    EXPECT_TRUE(outcome.error().is(authn::mfa_enrolment_required)) << outcome.error().kind->code << " at " << i;
  }
  EXPECT_EQ(scene.count("session"), sessions);
  EXPECT_EQ(scene.count("pending_signin"), 0);
}

TEST_P(BetweenSteps, policy_of_two_factors_makes_no_account_that_could_not_sign_in) {
  const auto before = world.accounts();
  const auto outcome =
      authn::sign_up(with_policy(authn::Mfa::required), context(), {},
                     {.who = {.name = "Bob", .uid = "bob"}, .password = Secret{std::string{good_password}}});
  ASSERT_FALSE(outcome.ok());
  EXPECT_TRUE(outcome.error().is(authn::mfa_enrolment_required));
  EXPECT_EQ(world.accounts(), before);
}

}  // namespace
}  // namespace cardea::api_tests
