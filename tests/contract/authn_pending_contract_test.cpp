// Pending sign-ins as rows: of many hands that hold the key of one, a single one moves it.

#include "authn/pending.hpp"

#include <atomic>

#include "crypto/opaque_token.hpp"
#include "tests/support/accounts.hpp"
#include "tests/support/engines.hpp"
#include "tests/support/random.hpp"

namespace cardea::authn {
namespace {

using namespace std::chrono_literals;

const Time noon = from_micros(1'800'000'000'000'000);
constexpr int rivals = 64;

class PendingContract : public testing_support::OnEngine {
 protected:
  std::string begin(Time now = noon) {
    return database().write([&](db::Tx& tx) {
      return std::string{begin_pending(tx, {.account = ann, .evidence = {password}}, now, random).token.reveal()};
    });
  }
  std::optional<PendingRow> find(std::string_view token, Time now = noon) {
    const auto hash = crypto::opaque_token_hash(token);
    if (!hash) return std::nullopt;
    return database().read([&](db::Tx& tx) { return find_pending(tx, *hash, now); });
  }
  bool move(const PendingRow& row, Time now = noon) {
    return database().write([&](db::Tx& tx) { return move_pending(tx, row, {password, totp}, now); });
  }
  bool take(const PendingRow& row, Time now = noon) {
    return database().write([&](db::Tx& tx) { return take_pending(tx, row, now); });
  }
  std::int64_t count() {
    return database().read([](db::Tx& tx) { return tx.one("SELECT COUNT(*) FROM pending_signin")->integer(0); });
  }
  void sweep(Time now) { ASSERT_TRUE(pending_sweep_job(database()).work(now).ok()); }

  testing_support::SeededRandom random{91};
  AccountId ann = testing_support::add_account(database(), noon, random);
  const Evidence password{.method = AuthMethod::password, .at = noon, .detail = "3"};
  const Evidence totp{.method = AuthMethod::totp, .at = noon + 1min};
};
INSTANTIATE_TEST_SUITE_P(engines, PendingContract, testing_support::both_engines(), testing_support::engine_name);

TEST_P(PendingContract, what_was_begun_is_found_by_its_token_alone) {
  const auto token = begin();
  const auto row = find(token);
  ASSERT_TRUE(row);
  EXPECT_EQ(row->account, ann);
  EXPECT_EQ(to_text(row->evidence), to_text({password}));
  EXPECT_EQ(row->step, 1);
  EXPECT_EQ(row->expires_at, noon + pending_lifetime);
  EXPECT_FALSE(find(begin().replace(0, 5, "AAAAA")));
}

TEST_P(PendingContract, text_that_is_no_token_has_no_hash) {
  for (const std::string& text : {std::string{}, std::string(42, 'A'), std::string(44, 'A'), std::string(43, '='),
                                  std::string(42, 'A') + "B", std::string(43, ' ')}) {
    EXPECT_FALSE(crypto::opaque_token_hash(text)) << text;
  }
  EXPECT_TRUE(crypto::opaque_token_hash(std::string(43, 'A')));
}

TEST_P(PendingContract, token_itself_is_not_stored) {
  const auto token = begin();
  const auto stored =
      database().read([](db::Tx& tx) { return tx.one("SELECT token_hash FROM pending_signin")->bytes(0); });
  EXPECT_EQ(stored, to_bytes(crypto::opaque_token_hash(token).value()));
}

TEST_P(PendingContract, moving_adds_what_was_shown_and_makes_the_row_that_was_read_worthless) {
  const auto token = begin();
  const auto row = find(token).value();
  EXPECT_TRUE(move(row));
  EXPECT_FALSE(move(row)) << "a replay";
  EXPECT_FALSE(take(row)) << "a replay that would finish";
  const auto moved = find(token).value();
  EXPECT_EQ(moved.step, 2);
  EXPECT_EQ(to_text(moved.evidence), to_text({password, totp}));
  EXPECT_EQ(moved.expires_at, row.expires_at) << "a step buys no time";
  EXPECT_TRUE(take(moved));
  EXPECT_FALSE(take(moved));
  EXPECT_FALSE(find(token));
}

TEST_P(PendingContract, of_many_that_move_it_exactly_one_does) {
  const auto row = find(begin()).value();
  std::atomic<int> moved = 0;
  testing_support::race(rivals, [&](int) {
    if (move(row)) ++moved;
  });
  EXPECT_EQ(moved, 1);
}

TEST_P(PendingContract, of_many_that_take_it_exactly_one_does) {
  const auto row = find(begin()).value();
  std::atomic<int> taken = 0;
  testing_support::race(rivals, [&](int) {
    if (take(row)) ++taken;
  });
  EXPECT_EQ(taken, 1);
  EXPECT_EQ(count(), 0);
}

TEST_P(PendingContract, of_many_that_move_or_take_it_exactly_one_does_either) {
  for (int round = 0; round < 5; ++round) {
    const auto row = find(begin()).value();
    std::atomic<int> won = 0;
    testing_support::race(rivals, [&](int i) {
      if (i % 2 == 0 ? move(row) : take(row)) ++won;
    });
    EXPECT_EQ(won, 1);
  }
}

TEST_P(PendingContract, one_whose_time_is_over_is_neither_found_nor_moved_nor_taken) {
  const auto token = begin();
  const auto row = find(token, noon + pending_lifetime - 1us).value();
  EXPECT_FALSE(find(token, noon + pending_lifetime));
  EXPECT_FALSE(move(row, noon + pending_lifetime));
  EXPECT_FALSE(take(row, noon + pending_lifetime));
  EXPECT_EQ(count(), 1);
}

TEST_P(PendingContract, one_that_reaches_further_ahead_than_it_can_is_not_believed) {
  const auto token = begin(noon + 1us);  // by a clock that was ahead
  EXPECT_FALSE(find(token, noon));
  EXPECT_TRUE(find(token, noon + 1us));
}

TEST_P(PendingContract, sweep_removes_what_is_over_or_unbelievable_and_nothing_else) {
  const auto live = begin();
  begin(noon - pending_lifetime);
  begin(noon + 1h);
  EXPECT_EQ(count(), 3);
  sweep(noon);
  EXPECT_EQ(count(), 1);
  EXPECT_TRUE(find(live));
  sweep(noon + pending_lifetime);
  EXPECT_EQ(count(), 0);
}

TEST_P(PendingContract, one_that_waits_for_a_letter_has_an_hour_until_it_moves) {
  const auto text = database().write([&](db::Tx& tx) {
    return std::string{
        begin_pending(tx, {.account = ann, .evidence = {password}, .lifetime = verification_lifetime}, noon, random)
            .token.reveal()};
  });
  EXPECT_TRUE(find(text, noon + verification_lifetime - 1us));
  EXPECT_FALSE(find(text, noon + verification_lifetime));
  const auto row = find(text, noon + 20min).value();
  EXPECT_TRUE(move(row, noon + 20min));
  EXPECT_EQ(find(text, noon + 20min)->expires_at, noon + 20min + pending_lifetime) << "as long as any other";
}

TEST_P(PendingContract, account_takes_its_pending_sign_ins_along) {
  begin();
  database().write([&](db::Tx& tx) { tx.run("DELETE FROM account WHERE id = $1", ann); });
  EXPECT_EQ(count(), 0);
}

}  // namespace
}  // namespace cardea::authn
