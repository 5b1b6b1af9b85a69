#include <atomic>

#include "audit/audit.hpp"
#include "tests/support/engines.hpp"
#include "tests/support/random.hpp"

namespace cardea::audit {
namespace {

const Time noon = from_micros(1'800'000'000'000'000);
constexpr int writers = 8;
constexpr int events_each = 50;

class AuditRaceContract : public testing_support::OnEngine {
 protected:
  AuditRaceContract() {
    log.redirect([](std::string_view) {});
    // Rows that the writers work on beside the trail, as a sign-in does.
    database().write([&](db::Tx& tx) {
      for (int i = 0; i < writers; ++i) {
        const auto id = AccountId::make(noon, random);
        tx.run(
            "INSERT INTO account (id, name, status, created_at, updated_at) "
            "VALUES ($1, '', 'active', 0, 0)",
            id);
        accounts.push_back(id);
        (void)trail.keys().of_account(tx, id, noon);
      }
    });
  }

  /// Every writer records its events, while one more thread seals; returns how often work had to run again.
  template <class Work>
  int run_beside_a_sealer(const Work& work) {
    std::atomic<int> attempts = 0;
    std::atomic<int> running = writers;
    testing_support::race(writers + 1, [&](int i) {
      if (i == writers) {
        while (running > 0) EXPECT_TRUE(seal_job(database()).work(noon).ok());
        return;
      }
      for (int n = 0; n < events_each; ++n) {
        database().write([&](db::Tx& tx) {
          ++attempts;
          work(tx, accounts.at(static_cast<std::size_t>(i)));
        });
      }
      --running;
    });
    EXPECT_TRUE(seal_job(database()).work(noon).ok());
    return attempts - writers * events_each;
  }

  void expect_whole_chain() {
    EXPECT_FALSE(verify(database()));
    const auto last = database().read([](db::Tx& tx) { return tx.one("SELECT max(number) FROM audit_event"); });
    EXPECT_EQ(last->integer(0), writers * events_each);
  }

  testing_support::SeededRandom random{5};
  observe::Log log{observe::Format::json, observe::Level::error};
  Trail trail{log, random, Secret{std::string(32, 's')}};
  std::vector<AccountId> accounts;
};
INSTANTIATE_TEST_SUITE_P(engines, AuditRaceContract, testing_support::both_engines(), testing_support::engine_name);

TEST_P(AuditRaceContract, writers_beside_a_sealer_never_have_to_run_again) {
  const int again = run_beside_a_sealer([&](db::Tx& tx, const AccountId& account) {
    trail.record(tx, {.now = noon}, {.kind = Kind{"k", {}}, .account = account});
  });
  RecordProperty("run_again", again);
  EXPECT_EQ(again, 0);
  expect_whole_chain();
}

TEST_P(AuditRaceContract, writers_that_also_read_and_change_rows_all_succeed_beside_a_sealer) {
  const int again = run_beside_a_sealer([&](db::Tx& tx, const AccountId& account) {
    tx.one("SELECT status FROM account WHERE id = $1", account);
    tx.run("UPDATE account SET updated_at = updated_at + 1 WHERE id = $1", account);
    trail.record(tx, {.now = noon}, {.kind = Kind{"k", {}}, .account = account});
  });
  RecordProperty("run_again", again);
  expect_whole_chain();
}

}  // namespace
}  // namespace cardea::audit
