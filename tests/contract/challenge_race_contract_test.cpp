// One secret and many hands: redeemed once, judged as often as allowed. Outside of serializable transactions too.
#include <atomic>
#include <mutex>

#include "challenge/challenge.hpp"
#include "tests/support/engines.hpp"
#include "tests/support/passing_database.hpp"
#include "tests/support/random.hpp"

namespace cardea::challenge {
namespace {

using namespace std::chrono_literals;

const Time noon = from_micros(1'800'000'000'000'000);
constexpr int rivals = 64;
constexpr Purpose verify{"email.verify", {.lifetime = 15min}};

class ChallengeRace : public testing_support::OnEngine {
 protected:
  Issued issue() {
    return database().write([&](db::Tx& tx) { return challenges.issue(tx, verify, "ann", noon); });
  }
  Result<Done> redeem(const Issued& issued, std::string_view code) {
    return challenges.redeem_code(alone, verify, issued.id, "ann", Secret{code}, noon);
  }
  bool follow(const Issued& issued) {
    return alone.write([&](db::Tx& tx) { return challenges.redeem_link(tx, verify, issued.link->reveal(), noon); })
        .ok();
  }

  /// Runs its transactions as a statement runs by itself: at PostgreSQL's default level.
  class ReadCommitted : public testing_support::PassingDatabase {
   public:
    using PassingDatabase::PassingDatabase;

   protected:
    void run_transaction(db::Access, const Work& work) override { pass_on(db::Access::locking_write, work); }
  };

  testing_support::SeededRandom random{62};
  Challenges challenges{Secret{std::string(32, 'k')}, random};
  ReadCommitted alone{database()};
};
INSTANTIATE_TEST_SUITE_P(engines, ChallengeRace, testing_support::both_engines(), testing_support::engine_name);

// ASVS 6.5.1
TEST_P(ChallengeRace, one_code_is_redeemed_exactly_once) {
  const auto issued = issue();
  std::atomic<int> redeemed = 0;
  testing_support::race(rivals, [&](int) {
    if (redeem(issued, issued.code->reveal())) ++redeemed;
  });
  EXPECT_EQ(redeemed, 1);
}

TEST_P(ChallengeRace, one_link_is_redeemed_exactly_once) {
  const auto issued = issue();
  std::atomic<int> redeemed = 0;
  testing_support::race(rivals, [&](int) {
    if (follow(issued)) ++redeemed;
  });
  EXPECT_EQ(redeemed, 1);
}

TEST_P(ChallengeRace, code_and_link_together_are_redeemed_exactly_once) {
  for (int round = 0; round < 5; ++round) {
    const auto issued = issue();
    std::atomic<int> redeemed = 0;
    testing_support::race(rivals / 4, [&](int i) {
      if (i % 2 == 0 ? follow(issued) : redeem(issued, issued.code->reveal()).ok()) ++redeemed;
    });
    EXPECT_EQ(redeemed, 1);
  }
}

TEST_P(ChallengeRace, of_many_wrong_guesses_exactly_five_are_judged_and_then_the_right_code_is_refused) {
  const auto issued = issue();
  std::atomic<int> judged = 0;
  std::atomic<int> refused = 0;
  testing_support::race(rivals, [&](int i) {
    const std::string guess = std::to_string(1'000'000 + i);  // seven digits: never the code
    const auto answer = redeem(issued, guess);
    ASSERT_FALSE(answer);
    ++(answer.error().is(wrong_code) ? judged : refused);
  });
  EXPECT_EQ(judged, 5);
  EXPECT_EQ(refused, rivals - 5);
  EXPECT_FALSE(redeem(issued, issued.code->reveal()));
}

TEST_P(ChallengeRace, a_right_guess_among_many_at_once_is_one_of_the_five_that_are_judged) {
  // Were guesses compared first and paid for after, the right one would get in beside five wrong ones.
  for (int round = 0; round < 12; ++round) {
    const auto issued = issue();
    std::atomic<int> judged = 0;
    testing_support::race(rivals / 2, [&](int i) {
      const auto answer = redeem(issued, i % 8 == 7 ? issued.code->reveal() : std::to_string(1'000'000 + i));
      if (answer.ok() || answer.error().is(wrong_code)) ++judged;
    });
    EXPECT_LE(judged, 5);
    EXPECT_GE(judged, 1);
  }
}

TEST_P(ChallengeRace, of_many_issued_at_once_one_is_alive) {
  std::mutex mutex;
  std::vector<Issued> all;
  testing_support::race(rivals / 2, [&](int) {
    auto issued = alone.write([&](db::Tx& tx) { return challenges.issue(tx, verify, "ann", noon); });
    const std::lock_guard lock{mutex};
    all.push_back(std::move(issued));
  });
  int alive = 0;
  for (const auto& issued : all) {
    if (redeem(issued, issued.code->reveal())) ++alive;
  }
  EXPECT_EQ(alive, 1);
}

}  // namespace
}  // namespace cardea::challenge
