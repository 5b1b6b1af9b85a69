// Deletion beside what undoes it, beside sign-ins, and in several processes at once.

#include <atomic>
#include <string>

#include "account_deletion/account_deletion.hpp"
#include "tests/api/scene.hpp"
#include "tests/support/interrupted.hpp"
#include "tests/support/passing_database.hpp"

namespace cardea::api_tests {
namespace {

constexpr Duration grace = 14 * 24h;

class DeletionRace : public ::testing::TestWithParam<std::string> {
 protected:
  World world{{}, GetParam()};

  [[nodiscard]] Context by_operator() const {
    return {.now = world.now(),
            .origin = {.surface = "cli"},
            .principal = Principal{.permissions = Permissions{Role::owner}}};
  }
  const account::Deps& deps() { return world.house().account(); }
  std::int64_t sessions() { return world.database().read_one("SELECT COUNT(*) FROM session")->integer(0); }
  /// As which the trail knows an account; to be asked while it is there.
  audit::Pseudonym pseudonym_of(const AccountId& id) {
    return world.database()
        .read_one("SELECT pseudonym FROM audit_key WHERE account_id = $1", id)
        .value()
        .id<audit::Pseudonym>(0);
  }
  std::int64_t recorded(std::string_view kind, const audit::Pseudonym& whom) {
    return world.database()
        .read_one("SELECT COUNT(*) FROM audit_event WHERE kind = $1 AND account_pseudonym = $2", kind, whom)
        ->integer(0);
  }
  std::int64_t erasures() {
    return world.database().read_one("SELECT COUNT(*) FROM audit_event WHERE kind = 'user.deleted'")->integer(0);
  }
  /// Accounts that are due, made without their passwords.
  void make_due(int count) {
    testing_support::SeededRandom random;
    world.database().write([&](db::Tx& tx) {
      for (int i = 0; i < count; ++i) {
        const auto made = identity::create(tx, {.name = "N", .uid = "user" + std::to_string(i)}, world.now(), random);
        ASSERT_TRUE(made.ok());
        ASSERT_TRUE(identity::set_erasure(tx, made->id, world.now(), world.now()));
      }
    });
  }
};
INSTANTIATE_TEST_SUITE_P(engines, DeletionRace, testing_support::both_engines(), testing_support::engine_name);

TEST_P(DeletionRace, of_undoing_and_erasure_exactly_one_wins) {
  int kept = 0;
  for (int round = 0; round < 12; ++round) {
    const auto uid = "ann" + std::to_string(round);
    auto ann = world.client();
    ann.sign_up(uid);
    const AccountId id = world.id_of(uid);
    const auto pseudonym = pseudonym_of(id);
    EXPECT_EQ(ann.del("/v1/me").status, 204);
    world.advance(grace);
    EXPECT_EQ(ann.sign_in(uid).json("state"), "restore_required") << "it is due, and not erased yet";
    Answer answer;
    testing_support::race(2, [&](int i) {
      if (i == 0) {
        answer = ann.post("/v1/signin/restore");
      } else {
        account_deletion::erase_due(deps(), world.now());
      }
    });
    const bool is_there = world.database().read_one("SELECT COUNT(*) FROM account WHERE id = $1", id)->integer(0) == 1;
    EXPECT_EQ(answer.status, is_there ? 200 : 401) << answer.body;
    EXPECT_EQ(recorded("user.restored", pseudonym), is_there ? 1 : 0);
    EXPECT_EQ(recorded("user.deleted", pseudonym), is_there ? 0 : 1);
    EXPECT_EQ(ann.get("/v1/session").status, is_there ? 200 : 401);
    kept += is_there ? 1 : 0;
  }
  RecordProperty("kept", kept);
}

TEST_P(DeletionRace, administrator_and_owner_keep_it_once) {
  world.client().sign_up("ann");
  const AccountId ann = world.id_of("ann");
  ASSERT_TRUE(account::request_removal(deps(), by_operator(), ann).ok());
  auto owner = world.client();
  owner.sign_in("ann");
  std::atomic<int> restored = 0;
  testing_support::race(4, [&](int i) {
    if (i % 2 == 0) {
      restored += account::restore(deps(), by_operator(), ann).ok() ? 1 : 0;
    } else {
      auto tab = owner;
      tab.post("/v1/signin/restore");
    }
  });
  EXPECT_LE(restored.load(), 1);
  EXPECT_EQ(recorded("user.restored", pseudonym_of(ann)), 1);
}

TEST_P(DeletionRace, deletion_among_sign_ins_leaves_no_session) {
  world.client().sign_up("ann");
  const AccountId ann = world.id_of("ann");
  for (int round = 0; round < 8; ++round) {
    testing_support::race(5, [&](int i) {
      if (i == 2) {
        EXPECT_TRUE(account::request_removal(deps(), by_operator(), ann).ok());
        return;
      }
      const auto state = world.client().sign_in("ann").json("state");
      EXPECT_TRUE(state == "complete" || state == "restore_required");
    });
    EXPECT_EQ(sessions(), 0) << round;
    EXPECT_TRUE(account::restore(deps(), by_operator(), ann).ok());
    world.advance(1h);
  }
}

TEST_P(DeletionRace, many_processes_erase_each_account_once) {
  constexpr int count = 210;  // more than two looks
  make_due(count);
  World other{World::Beside{world}};
  std::atomic<std::int64_t> erased = 0;
  testing_support::race(4, [&](int i) {
    erased += account_deletion::erase_due(i % 2 == 0 ? deps() : other.house().account(), world.now());
  });
  EXPECT_EQ(erased.load(), count);
  EXPECT_EQ(erasures(), count);
  EXPECT_EQ(world.accounts(), 0);
}

/// Says how many transactions that may write there were.
class Counted : public testing_support::PassingDatabase {
 public:
  using PassingDatabase::PassingDatabase;
  int writes = 0;

 protected:
  void run_transaction(db::Access access, const Work& work) override {
    if (access == db::Access::write) ++writes;
    pass_on(access, work);
  }
};

TEST_P(DeletionRace, each_account_is_erased_in_a_transaction_of_its_own) {
  make_due(3);
  Counted counted{world.database()};
  const account::Deps over{counted, deps().trail, deps().identity, deps().budgets, deps().refusals, deps().recent};
  EXPECT_EQ(account_deletion::erase_due(over, world.now()), 3);
  EXPECT_EQ(counted.writes, 3);
}

// On PostgreSQL alone do two write at a time.
TEST(DeletionOnPostgres, that_began_before_a_sign_in_starts_over_and_ends_its_session) {
  World world{{}, "postgres"};
  world.client().sign_up("ann");
  testing_support::Interrupted database{world.database(),
                                        [&] { EXPECT_EQ(world.client().sign_in("ann").status, 200); }};
  const auto& deps = world.house().account();
  account::Deps interrupted{database, deps.trail, deps.identity, deps.budgets, deps.refusals, deps.recent};
  interrupted.grace = deps.grace;
  const Context context{.now = world.now(),
                        .origin = {.surface = "cli"},
                        .principal = Principal{.permissions = Permissions{Role::owner}}};
  EXPECT_TRUE(account::request_removal(interrupted, context, world.id_of("ann")).ok());
  EXPECT_EQ(database.attempts, 2);
  EXPECT_EQ(world.database().read_one("SELECT COUNT(*) FROM session")->integer(0), 0);
}

TEST(DeletionOnPostgres, erasure_that_began_before_an_account_was_kept_erases_nothing) {
  World world{{}, "postgres"};
  auto ann = world.client();
  ann.sign_up("ann");
  EXPECT_EQ(ann.del("/v1/me").status, 204);
  world.advance(grace);
  EXPECT_EQ(ann.sign_in("ann").json("state"), "restore_required");
  testing_support::Interrupted database{world.database(),
                                        [&] { EXPECT_EQ(ann.post("/v1/signin/restore").status, 200); }};
  const auto& deps = world.house().account();
  const account::Deps interrupted{database, deps.trail, deps.identity, deps.budgets, deps.refusals, deps.recent};
  EXPECT_EQ(account_deletion::erase_due(interrupted, world.now()), 0);
  EXPECT_EQ(database.attempts, 2);
  EXPECT_EQ(world.accounts(), 1);
  EXPECT_EQ(ann.get("/v1/session").status, 200);
}

}  // namespace
}  // namespace cardea::api_tests
