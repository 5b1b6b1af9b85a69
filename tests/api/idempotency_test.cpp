// A request that creates something is carried out once under its Idempotency-Key, in one process and in several.

#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

constexpr const char* key = "6b1f0f2e-8a43-4c7e-9f07-2b7d5f8c1e44";
constexpr const char* other_key = "0d9f4c61-5d0e-4a0f-8a55-1f1b2f6f3a90";
constexpr std::string_view session_cookie_name = "__Host-cardea";

bool is_replay(const Answer& answer) { return answer.header("Idempotency-Replayed") == "true"; }

class Idempotency : public ::testing::TestWithParam<std::string> {
 protected:
  Client visitor(const char* with_key = key) { return world.client().header("Idempotency-Key", with_key); }
  Client ann() {
    auto client = world.client();
    client.sign_up("ann");
    return client.header("Idempotency-Key", key);
  }

  World world{{}, GetParam()};
};
INSTANTIATE_TEST_SUITE_P(engines, Idempotency, testing_support::both_engines(), testing_support::engine_name);

TEST_P(Idempotency, sign_up_whose_answer_was_lost_is_answered_again_and_makes_one_account) {
  const auto first = visitor().sign_up("ann");
  EXPECT_EQ(first.status, 201);
  EXPECT_FALSE(is_replay(first));
  world.advance(1h);
  auto again = visitor();
  const auto second = again.sign_up("ann");
  EXPECT_EQ(second.status, 201);
  EXPECT_TRUE(is_replay(second));
  EXPECT_EQ(second.body, first.body);
  EXPECT_EQ(second.all("Set-Cookie"), first.all("Set-Cookie"));
  EXPECT_NE(second.header("Request-Id"), first.header("Request-Id"));
  EXPECT_EQ(second.header("Cache-Control"), "no-store");
  EXPECT_EQ(again.get("/v1/session").json("user/id"), first.json("user/id"));
  EXPECT_EQ(world.accounts(), 1);
  EXPECT_EQ(world.audit_kinds(), "signup.completed");
}

TEST_P(Idempotency, no_session_is_handed_to_a_neighbour_who_knows_the_key) {
  visitor().sign_up("ann");
  // The same network and key, all but the password.
  auto neighbour = visitor();
  const auto answer = neighbour.sign_up("ann", {{"password", other_password}});
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.code(), "idempotency_mismatch");
  EXPECT_TRUE(answer.all("Set-Cookie").empty());
  // The same request from elsewhere is another caller's, whose user id is taken.
  auto stranger = visitor();
  const auto taken = stranger.from("198.51.100.7").sign_up("ann");
  EXPECT_EQ(taken.status, 422);
  EXPECT_EQ(taken.code(), "validation_failed");
  EXPECT_TRUE(taken.all("Set-Cookie").empty());
}

TEST_P(Idempotency, session_that_has_ended_is_not_brought_back) {
  auto first = visitor();
  first.sign_up("ann");
  EXPECT_EQ(first.post("/v1/signout").status, 204);
  auto again = visitor();
  EXPECT_TRUE(is_replay(again.sign_up("ann")));
  EXPECT_EQ(again.get("/v1/session").status, 401);
}

TEST_P(Idempotency, request_that_was_refused_can_be_corrected_under_its_key) {
  EXPECT_EQ(visitor().sign_up("ann", {{"password", "short"}}).status, 422);
  EXPECT_EQ(visitor().sign_up("ann", {{"password", "short"}}).code(), "validation_failed");
  const auto corrected = visitor().sign_up("ann");
  EXPECT_EQ(corrected.status, 201);
  EXPECT_FALSE(is_replay(corrected));
}

TEST_P(Idempotency, note_that_is_sent_again_is_written_once) {
  auto ann = this->ann();
  const auto first = ann.post("/v1/me/notes", {{"note", "Buy milk"}});
  EXPECT_EQ(first.status, 201);
  const auto second = ann.post("/v1/me/notes", {{"note", "Buy milk"}});
  EXPECT_TRUE(is_replay(second));
  EXPECT_EQ(second.header("Location"), first.header("Location"));
  EXPECT_EQ(second.body, first.body);
  EXPECT_EQ(ann.post("/v1/me/notes", {{"note", "Buy bread"}}).code(), "idempotency_mismatch");
  EXPECT_FALSE(is_replay(ann.header("Idempotency-Key", other_key).post("/v1/me/notes", {{"note", "Buy milk"}})));
  EXPECT_EQ(ann.get("/v1/me/notes").count("data"), 2U);

  auto bob = world.client();
  bob.sign_up("bob");
  const auto his = bob.header("Idempotency-Key", key).post("/v1/me/notes", {{"note", "Buy milk"}});
  EXPECT_EQ(his.status, 201);
  EXPECT_FALSE(is_replay(his));
  EXPECT_NE(his.body, first.body);
}

TEST_P(Idempotency, key_goes_on_in_a_process_that_was_started_again) {
  auto ann = this->ann();
  ann.post("/v1/me/notes", {{"note", "Buy milk"}});
  world.restart();
  EXPECT_TRUE(is_replay(ann.post("/v1/me/notes", {{"note", "Buy milk"}})));
  world.advance(25h);
  ann.sign_in("ann");
  EXPECT_FALSE(is_replay(ann.post("/v1/me/notes", {{"note", "Buy milk"}})));
}

TEST_P(Idempotency, who_is_not_signed_in_gets_nothing_for_a_key) {
  auto ann = this->ann();
  ann.post("/v1/me/notes", {{"note", "Buy milk"}});
  const auto answer = visitor().post("/v1/me/notes", {{"note", "Buy milk"}});
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.code(), "unauthenticated");
}

TEST_P(Idempotency, malformed_key_is_refused_before_anything_is_done) {
  for (const auto& bad : {std::string(256, 'k'), std::string{"two words"}}) {
    const auto answer = visitor(bad.c_str()).sign_up("ann");
    EXPECT_EQ(answer.status, 400) << bad;
    EXPECT_EQ(answer.code(), "idempotency_key_invalid") << bad;
  }
  EXPECT_EQ(world.accounts(), 0);
}

TEST_P(Idempotency, key_changes_nothing_where_none_is_taken) {
  auto ann = this->ann();
  Texts sessions;
  for (int i = 0; i < 2; ++i) {
    EXPECT_FALSE(is_replay(ann.sign_in("ann")));
    EXPECT_FALSE(is_replay(ann.patch("/v1/me", {{"name", "Ann"}})));
    EXPECT_EQ(ann.get("/v1/me").status, 200);
    sessions.push_back(ann.cookie(session_cookie_name));
  }
  EXPECT_NE(sessions[0], sessions[1]);
}

TEST_P(Idempotency, of_many_at_once_in_two_processes_one_makes_it) {
  World there{World::Beside{world}};
  std::atomic<int> made = 0;
  testing_support::race(8, [&](int i) {
    auto client = (i % 2 == 0 ? world : there).client();
    const auto answer = client.header("Idempotency-Key", key).sign_up("ann");
    if (answer.status == 201 && !is_replay(answer)) ++made;
    if (answer.status != 201) EXPECT_EQ(answer.code(), "idempotency_in_progress") << answer.body;
  });
  EXPECT_EQ(made, 1);
  EXPECT_EQ(world.accounts(), 1);

  auto ann = world.client();
  ann.sign_in("ann");
  for (int round = 0; round < 3; ++round) {
    const auto round_key = "round-" + std::to_string(round);
    testing_support::race(8, [&](int i) {
      auto client = (i % 2 == 0 ? world : there).client();
      client.set_cookie(session_cookie_name, ann.cookie(session_cookie_name));
      const auto answer = client.header("Idempotency-Key", round_key).post("/v1/me/notes", {{"note", "Buy milk"}});
      if (answer.status != 201) EXPECT_EQ(answer.code(), "idempotency_in_progress") << answer.body;
    });
    EXPECT_EQ(ann.get("/v1/me/notes").count("data"), static_cast<std::size_t>(round) + 1);
  }
}

}  // namespace
}  // namespace cardea::api_tests
