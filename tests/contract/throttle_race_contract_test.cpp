// Many attempts at once, each charged by a statement that no transaction surrounds: exact without being serializable.
#include <atomic>

#include "tests/support/engines.hpp"
#include "throttle/throttle.hpp"

namespace cardea::throttle {
namespace {

using namespace std::chrono_literals;

const Time noon = from_micros(1'800'000'000'000'000);
const Budget five{.free = 5, .regain = 1h, .delay = 1min, .max_delay = 1h};
const Budget wide{.free = 10'000, .regain = 1h, .delay = 1min, .max_delay = 1h};
constexpr int rivals = 64;

class ThrottleRace : public testing_support::OnEngine {
 protected:
  /// Runs statements as they run by themselves: PostgreSQL's default level, where a statement waits for a row that a
  /// rival holds and then sees it as the rival left it. SQLite has one writer anyway.
  template <class Work>
  auto alone(const Work& work) {
    return database().write([&](db::Tx& tx) {
      if (!is_sqlite()) tx.run("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
      ++transactions;
      return std::optional{work(tx)};
    });
  }
  bool takes(const std::vector<Charge>& charges, Time now = noon) {
    return alone([&](db::Tx& tx) { return charge(tx, charges, now); })->ok();
  }
  void give(const std::vector<Charge>& charges, Time attempt) {
    alone([&](db::Tx& tx) {
      settle(tx, {.give_back = charges}, attempt);
      return done;
    });
  }
  std::int64_t sum() {
    return database().read(
        [](db::Tx& tx) { return tx.one("SELECT CAST(sum(attempts) AS BIGINT) FROM throttle")->integer(0); });
  }

  std::atomic<int> transactions = 0;
};
INSTANTIATE_TEST_SUITE_P(engines, ThrottleRace, testing_support::both_engines(), testing_support::engine_name);

TEST_P(ThrottleRace, of_many_attempts_at_a_limit_of_five_exactly_five_are_granted) {
  std::atomic<int> through = 0;
  testing_support::race(rivals, [&](int i) {
    for (int n = 0; n < 3; ++n) {
      // Named so that the spent key is now the first, now the last to be locked.
      if (takes({{five, "ann"}, {wide, "address:" + std::to_string(i)}, {wide, "whole"}})) ++through;
    }
  });
  EXPECT_EQ(through, 5);
  EXPECT_EQ(sum(), 5 * 3) << "whoever was refused left no trace under any key";
  EXPECT_TRUE(takes({{five, "ann"}}, noon + 1min)) << "nor prolonged the wait";
}

TEST_P(ThrottleRace, attempts_that_share_rows_in_any_order_neither_fail_nor_start_again) {
  testing_support::race(rivals, [&](int i) {
    const Time now = noon + 1us * i;
    for (int n = 0; n < 3; ++n) {
      std::vector<Charge> charges;
      for (int at = 0; at < 4; ++at) charges.push_back({wide, "key" + std::to_string((i + n + 3 * at) % 4)});
      EXPECT_TRUE(takes(charges, now));
      if (n > 0) give(charges, now);
    }
  });
  EXPECT_EQ(sum(), rivals * 4);
  EXPECT_EQ(transactions, rivals * 5) << "one ran again: on PostgreSQL a deadlock or a conflict";
}

TEST_P(ThrottleRace, two_processes_share_one_budget) {
  std::atomic<int> through = 0;
  const auto other = reopen();
  testing_support::race(rivals, [&](int i) {
    const std::vector<Charge> charges{{five, "ann"}};
    if (charge(i % 2 == 0 ? database() : *other, charges, noon).ok()) ++through;
  });
  EXPECT_EQ(through, 5);
}

}  // namespace
}  // namespace cardea::throttle
