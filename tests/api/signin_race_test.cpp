// Sign-ins beside changes of what they rest on: a block or a new password ends the session of every sign-in that it did
// not refuse, however the two meet.

#include <atomic>
#include <functional>

#include "account/account.hpp"
#include "authn/authn.hpp"
#include "tests/api/scene.hpp"
#include "tests/support/interrupted.hpp"

namespace cardea::api_tests {
namespace {

struct Scene {
  explicit Scene(std::string_view engine) : world({}, engine) {
    world.client().sign_up("ann");
    end_sessions();
  }
  void end_sessions() { world.database().run("DELETE FROM session"); }
  [[nodiscard]] std::int64_t sessions() {
    return world.database().read_one("SELECT COUNT(*) FROM session")->integer(0);
  }
  [[nodiscard]] Context by_operator() const {
    return {.now = world.now(),
            .origin = {.surface = "cli"},
            .principal = Principal{.permissions = Permissions{Role::owner}}};
  }
  void sign_in_as(const std::string& password) {
    const auto answer = world.client().sign_in("ann", password);
    EXPECT_TRUE(answer.status == 200 || answer.status == 401) << answer.status;
  }

  World world;
};

class SigninRace : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(engines, SigninRace, testing_support::both_engines(), testing_support::engine_name);

TEST_P(SigninRace, block_among_sign_ins_leaves_no_session) {
  Scene scene{GetParam()};
  const auto& deps = scene.world.house().account();
  const AccountId ann = scene.world.id_of("ann");
  for (int round = 0; round < 8; ++round) {
    testing_support::race(5, [&](int i) {
      if (i != 2) return scene.sign_in_as(good_password);
      EXPECT_TRUE(account::block(deps, scene.by_operator(), ann).ok());
    });
    EXPECT_EQ(scene.sessions(), 0) << round;
    EXPECT_TRUE(account::unblock(deps, scene.by_operator(), ann).ok());
    scene.world.advance(1h);
  }
}

TEST_P(SigninRace, new_password_among_sign_ins_leaves_the_session_of_its_owner_alone) {
  Scene scene{GetParam()};
  std::string password = good_password;
  std::string next = other_password;
  for (int round = 0; round < 8; ++round) {
    auto owner = scene.world.client();
    owner.sign_in("ann", password);
    testing_support::race(5, [&](int i) {
      if (i != 2) return scene.sign_in_as(password);
      EXPECT_EQ(owner.post("/v1/me/password", {{"current_password", password}, {"password", next}}).status, 200);
    });
    EXPECT_EQ(scene.sessions(), 1) << round;
    EXPECT_EQ(owner.get("/v1/session").status, 200);
    std::swap(password, next);
    scene.world.advance(1h);
  }
}

/// The same on another database.
authn::Deps with_database(const authn::Deps& deps, const account::Deps& account, db::Database& database) {
  return {.account = account,
          .database = database,
          .random = deps.random,
          .cache = deps.cache,
          .touches = deps.touches,
          .hasher = deps.hasher,
          .tokens = deps.tokens,
          .trail = deps.trail,
          .metrics = deps.metrics,
          .identity = deps.identity,
          .password = deps.password,
          .session = deps.session,
          .token = deps.token,
          .budgets = deps.budgets,
          .same_site = deps.same_site};
}

// On PostgreSQL alone do two write at a time.
TEST(SigninOnPostgres, block_that_began_before_a_sign_in_starts_over_and_ends_its_session) {
  Scene scene{"postgres"};
  testing_support::Interrupted database{scene.world.database(),
                                        [&] { EXPECT_EQ(scene.world.client().sign_in("ann").status, 200); }};
  const auto& deps = scene.world.house().account();
  const account::Deps interrupted{database, deps.trail, deps.identity, deps.budgets, deps.refusals, deps.recent};
  EXPECT_TRUE(account::block(interrupted, scene.by_operator(), scene.world.id_of("ann")).ok());
  EXPECT_EQ(database.attempts, 2);
  EXPECT_EQ(scene.sessions(), 0);
}

TEST(SigninOnPostgres, new_password_that_began_before_a_sign_in_starts_over_and_ends_its_session) {
  Scene scene{"postgres"};
  auto owner = scene.world.client();
  owner.sign_in("ann");
  const AccountId ann = scene.world.id_of("ann");
  const auto mine = scene.world.database().read([&](db::Tx& tx) { return session::list(tx, ann, scene.world.now()); });
  testing_support::Interrupted database{scene.world.database(),
                                        [&] { EXPECT_EQ(scene.world.client().sign_in("ann").status, 200); }};
  const auto& deps = scene.world.house().authn();
  const account::Deps of_account{
      database,           deps.account.trail, deps.account.identity, deps.account.budgets, deps.account.refusals,
      deps.account.recent};
  const Context context{
      .now = scene.world.now(),
      .origin = {.surface = "api"},
      .principal = Principal{.account = ann, .session = mine.at(0).id, .permissions = Permissions{Role::user}}};
  const auto changed = authn::change_password(
      with_database(deps, of_account, database), context, {},
      {.current = Secret{std::string{good_password}}, .password = Secret{std::string{other_password}}});
  EXPECT_TRUE(changed.ok());
  EXPECT_EQ(database.attempts, 2);
  EXPECT_EQ(scene.sessions(), 1) << "that of the change";
}

}  // namespace
}  // namespace cardea::api_tests
