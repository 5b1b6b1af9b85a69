// One whole journey on each engine: everything else of this folder runs on SQLite.

#include "tests/api/erased.hpp"
#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

class Journey : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(engines, Journey, testing_support::both_engines(), testing_support::engine_name);

TEST_P(Journey, person_signs_up_writes_is_listed_is_slowed_ends_sessions_and_leaves) {
  World world{[](app::Settings& settings) { list_for(settings, identity::ListedFor::everyone); }, GetParam()};
  auto ann = world.client();
  EXPECT_EQ(ann.sign_up("Ann", {{"email", "ann@example.org"}, {"dob", "2001-02-03"}}).status, 201);
  EXPECT_EQ(world.client().sign_up("ANN").problems(), Texts{"uid:uid_taken"});
  EXPECT_EQ(ann.patch("/v1/me", {{"tracking", "steps"}}).json("dob"), "2001-02-03");

  const auto note = ann.post("/v1/me/notes", {{"note", "Buy milk"}}).header("Location");
  EXPECT_EQ(ann.patch(note, {{"note", "Buy bread"}}).json("note"), "Buy bread");

  world.advance(1s);
  world.client().sign_up("bob");
  const auto first = world.curl().get("/v1/users?sort=-coins&limit=1");
  EXPECT_EQ(first.json("data/0/uid"), "bob");
  const auto second = world.curl().get("/v1/users?sort=-coins&limit=1&cursor=" + first.text("next_cursor"));
  EXPECT_EQ(second.json("data/0/uid"), "Ann");
  EXPECT_EQ(second.json("has_more"), false);

  auto phone = world.client();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(phone.sign_in("ann", wrong_password).status, 401);
  EXPECT_EQ(phone.sign_in("ann").status, 429);
  world.advance(1s);
  EXPECT_EQ(phone.sign_in("ann@example.org").status, 200);

  EXPECT_EQ(ann.post("/v1/me/sessions/revoke-others").json("revoked"), 1);
  EXPECT_EQ(phone.get("/v1/session").status, 401);
  world.run_jobs();
  world.restart();
  EXPECT_EQ(ann.get("/v1/session").json("user/uid"), "Ann");
  EXPECT_EQ(ann.del("/v1/me").status, 204);
  EXPECT_EQ(world.accounts(), 2);
  erase_closed(world);
  EXPECT_EQ(world.accounts(), 1);
}

}  // namespace
}  // namespace cardea::api_tests
