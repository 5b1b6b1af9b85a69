#include "session/cache.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/support/no_memory.hpp"
#include "tests/support/random.hpp"

namespace cardea::session {
namespace {

using namespace std::chrono_literals;

const Time noon = from_micros(1'800'000'000'000'000);

struct CacheTest : ::testing::Test {
  std::shared_ptr<const Live> make(const AccountId& account, Time loaded_at = noon) {
    return std::make_shared<const Live>(Live{.session = {.id = SessionId::make(noon, random),
                                                         .account = account,
                                                         .token_hash = random.bytes<32>(),
                                                         .idle_until = noon + 1h,
                                                         .expires_at = noon + 2h},
                                             .answer = "{}",
                                             .loaded_at = loaded_at});
  }
  std::shared_ptr<const Live> remembered(Cache& cache, const AccountId& account) {
    auto live = make(account);
    EXPECT_TRUE(cache.put(cache.epochs(), live));
    return live;
  }

  testing_support::SeededRandom random{3};
  AccountId ann = AccountId::make(noon, random);
  AccountId ben = AccountId::make(noon, random);
};

TEST_F(CacheTest, remembered_session_is_found_by_token_and_by_id) {
  Cache cache{10, 1min};
  const auto live = remembered(cache, ann);
  EXPECT_EQ(cache.find(live->session.token_hash, noon), live);
  EXPECT_EQ(cache.find(live->session.id, noon), live);
  EXPECT_EQ(cache.find(crypto::sha256("another"), noon), nullptr);
  EXPECT_EQ(cache.find(SessionId::make(noon, random), noon), nullptr);
}

TEST_F(CacheTest, entry_is_trusted_for_a_while_only) {
  Cache cache{10, 1min};
  const auto live = remembered(cache, ann);
  EXPECT_NE(cache.find(live->session.id, noon + 1min), nullptr);
  EXPECT_EQ(cache.find(live->session.id, noon + 1min + 1us), nullptr);
  EXPECT_EQ(cache.find(live->session.token_hash, noon + 1min + 1us), nullptr);
}

TEST_F(CacheTest, session_that_has_ended_by_time_is_not_served_however_long_entries_are_trusted) {
  Cache cache{10, 24h};
  const auto live = remembered(cache, ann);
  EXPECT_NE(cache.find(live->session.id, noon + 1h - 1us), nullptr);
  EXPECT_EQ(cache.find(live->session.id, noon + 1h), nullptr);
}

TEST_F(CacheTest, load_that_began_before_a_drop_is_refused) {
  Cache cache{10, 1min};
  const auto live = make(ann);
  const auto epochs = cache.epochs();
  cache.drop(live->session.id);
  EXPECT_FALSE(cache.put(epochs, live));
  EXPECT_EQ(cache.size(), 0U);
  EXPECT_TRUE(cache.put(cache.epochs(), live));
  const auto second_epochs = cache.epochs();
  cache.drop_account(ann);
  EXPECT_FALSE(cache.put(second_epochs, make(ann)));
  EXPECT_EQ(cache.size(), 0U);
  const auto third_epochs = cache.epochs();
  cache.clear();
  EXPECT_FALSE(cache.put(third_epochs, make(ben)));
}

TEST_F(CacheTest, drops_of_others_do_not_keep_a_load_out) {
  Cache cache{10, 1min};
  int kept = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto live = make(ann);
    const auto epochs = cache.epochs();
    cache.drop(SessionId::make(noon, random));
    if (cache.put(epochs, live)) ++kept;
  }
  EXPECT_GT(kept, 900) << "of a flood of revocations, each meets few of the others";
}

TEST_F(CacheTest, drop_takes_the_named_sessions_and_nothing_else) {
  Cache cache{10, 1min};
  const auto one = remembered(cache, ann);
  const auto two = remembered(cache, ann);
  cache.drop(one->session.id);
  EXPECT_EQ(cache.find(one->session.id, noon), nullptr);
  EXPECT_EQ(cache.find(one->session.token_hash, noon), nullptr);
  EXPECT_EQ(cache.find(two->session.token_hash, noon), two);
}

TEST_F(CacheTest, drop_of_an_account_takes_all_its_sessions) {
  Cache cache{10, 1min};
  const auto one = remembered(cache, ann);
  const auto two = remembered(cache, ann);
  const auto theirs = remembered(cache, ben);
  cache.drop_account(ann);
  EXPECT_EQ(cache.find(one->session.token_hash, noon), nullptr);
  EXPECT_EQ(cache.find(two->session.id, noon), nullptr);
  EXPECT_EQ(cache.find(theirs->session.id, noon), theirs);
  EXPECT_EQ(cache.size(), 1U);
}

TEST_F(CacheTest, a_signed_token_shows_its_session_until_it_ends_or_is_to_be_verified_again) {
  Cache cache{10, 1min};
  const auto live = remembered(cache, ann);
  const auto long_lived = crypto::sha256("long");
  const auto short_lived = crypto::sha256("short");
  cache.show(long_lived, live->session.id, noon + 15min, noon);
  cache.show(short_lived, live->session.id, noon + 10s, noon);
  EXPECT_EQ(cache.find(long_lived, noon + 1min - 1us), live);
  EXPECT_EQ(cache.find(long_lived, noon + 1min), nullptr) << "as long as entries are trusted";
  EXPECT_EQ(cache.find(short_lived, noon + 10s - 1us), live);
  EXPECT_EQ(cache.find(short_lived, noon + 10s), nullptr);
  cache.show(crypto::sha256("of nobody"), SessionId::make(noon, random), noon + 15min, noon);
  EXPECT_EQ(cache.find(crypto::sha256("of nobody"), noon), nullptr);
}

TEST_F(CacheTest, signed_tokens_go_with_their_session_however_it_goes) {
  const std::vector<std::function<void(Cache&, const Live&)>> ways{
      [](Cache& cache, const Live& live) { cache.drop(live.session.id); },
      [](Cache& cache, const Live& live) { cache.drop(live.session.token_hash); },
      [](Cache& cache, const Live& live) { cache.drop_account(live.session.account); },
      [](Cache& cache, const Live&) { cache.clear(); },
      [this](Cache& cache, const Live&) {
        for (int i = 0; i < 10; ++i) remembered(cache, ben);
      }};
  for (std::size_t i = 0; i < ways.size(); ++i) {
    Cache cache{10, 1min};
    const auto live = remembered(cache, ann);
    cache.show(crypto::sha256("shown"), live->session.id, noon + 15min, noon);
    ASSERT_EQ(cache.find(crypto::sha256("shown"), noon), live);
    ways[i](cache, *live);
    EXPECT_EQ(cache.find(crypto::sha256("shown"), noon), nullptr) << i;
  }
}

TEST_F(CacheTest, a_session_has_a_few_signed_tokens_the_latest_of_them) {
  Cache cache{10, 1min};
  const auto live = remembered(cache, ann);
  for (int i = 0; i < 100; ++i) cache.show(crypto::sha256(std::to_string(i)), live->session.id, noon + 15min, noon);
  int known = 0;
  for (int i = 0; i < 100; ++i) known += cache.find(crypto::sha256(std::to_string(i)), noon) != nullptr ? 1 : 0;
  EXPECT_EQ(known, 4);
  EXPECT_NE(cache.find(crypto::sha256("99"), noon), nullptr);
  EXPECT_NE(cache.find(live->session.token_hash, noon), nullptr) << "its own token is not one of them";
}

TEST_F(CacheTest, what_is_absent_is_remembered_for_seconds_and_never_of_a_time_before) {
  Cache cache{10, 1min};
  const auto shown = crypto::sha256("invented");
  EXPECT_FALSE(cache.is_absent(shown, noon));
  cache.put_absent(cache.epochs(), shown, noon);
  EXPECT_TRUE(cache.is_absent(shown, noon));
  EXPECT_TRUE(cache.is_absent(shown, noon + Cache::trust_absent - 1us));
  EXPECT_FALSE(cache.is_absent(shown, noon + Cache::trust_absent));
  EXPECT_FALSE(cache.is_absent(shown, noon - 1us));
  EXPECT_FALSE(cache.is_absent(crypto::sha256("another"), noon));
}

TEST_F(CacheTest, what_is_absent_is_forgotten_when_it_may_be_there_again) {
  Cache cache{10, 1min};
  const auto shown = crypto::sha256("of a blocked account");
  const auto before = cache.epochs();
  cache.put_absent(before, shown, noon);
  cache.drop_account(ann);
  EXPECT_FALSE(cache.is_absent(shown, noon));
  cache.put_absent(before, shown, noon);
  EXPECT_FALSE(cache.is_absent(shown, noon)) << "it was read before that was announced";
  cache.put_absent(cache.epochs(), shown, noon);
  EXPECT_TRUE(cache.is_absent(shown, noon));
  cache.clear();
  EXPECT_FALSE(cache.is_absent(shown, noon));
}

TEST_F(CacheTest, where_nothing_is_trusted_nothing_is_absent_either) {
  Cache untrusting{10, 0s};
  untrusting.put_absent(untrusting.epochs(), crypto::sha256("x"), noon);
  EXPECT_FALSE(untrusting.is_absent(crypto::sha256("x"), noon));
  Cache none{0, 1min};
  none.put_absent(none.epochs(), crypto::sha256("x"), noon);
  EXPECT_FALSE(none.is_absent(crypto::sha256("x"), noon));
}

TEST_F(CacheTest, a_session_for_which_memory_ends_is_not_there_in_part) {
  Cache cache{10, 1min};
  const auto live = make(ann);
  const auto epochs = cache.epochs();
  testing_support::with_ever_more_memory([&] { cache.put(epochs, live); },
                                         [&] {
                                           EXPECT_EQ(cache.size(), 0U);
                                           EXPECT_FALSE(cache.find(live->session.token_hash, noon));
                                           EXPECT_FALSE(cache.find(live->session.id, noon));
                                         });
  EXPECT_TRUE(cache.find(live->session.token_hash, noon));
  const auto signed_token = random.bytes<32>();
  testing_support::with_ever_more_memory(
      [&] { cache.show(signed_token, live->session.id, noon + 1h, noon); },
      [&] { EXPECT_FALSE(cache.find(signed_token, noon)) << "it would outlive its session"; });
  cache.drop(live->session.id);
  EXPECT_FALSE(cache.find(signed_token, noon));
}

TEST_F(CacheTest, sessions_are_dropped_without_memory) {
  Cache cache{10, 1min};
  const auto first = remembered(cache, ann);
  const auto second = remembered(cache, ann);
  const auto of_ben = remembered(cache, ben);
  EXPECT_TRUE(testing_support::with_allocations(0, [&] { cache.drop_account(ann); }));
  EXPECT_FALSE(cache.find(first->session.id, noon));
  EXPECT_FALSE(cache.find(second->session.id, noon));
  EXPECT_TRUE(testing_support::with_allocations(0, [&] { cache.drop(of_ben->session.token_hash); }));
  EXPECT_EQ(cache.size(), 0U);
}

TEST_F(CacheTest, newer_copy_replaces_the_older_one) {
  Cache cache{10, 1min};
  const auto live = remembered(cache, ann);
  auto copy = *live;
  copy.answer = "newer";
  ASSERT_TRUE(cache.put(cache.epochs(), std::make_shared<const Live>(copy)));
  EXPECT_EQ(cache.find(live->session.token_hash, noon)->answer, "newer");
  EXPECT_EQ(cache.size(), 1U);
}

TEST_F(CacheTest, full_cache_lets_one_go_for_each_that_comes) {
  Cache cache{3, 1min};
  for (int i = 0; i < 10; ++i) {
    const auto live = remembered(cache, ann);
    EXPECT_EQ(cache.find(live->session.token_hash, noon), live);
  }
  EXPECT_EQ(cache.size(), 3U);
}

TEST_F(CacheTest, cache_of_size_none_remembers_nothing) {
  Cache cache{0, 1min};
  EXPECT_FALSE(cache.put(cache.epochs(), make(ann)));
  EXPECT_EQ(cache.size(), 0U);
}

// Whatever comes and goes: never more than the limit, both keys say the same, and what was dropped stays away.
RC_GTEST_FIXTURE_PROP(CacheTest, both_keys_agree_after_any_history, (const std::vector<std::uint8_t>& steps)) {
  Cache cache{4, 1min};
  std::vector<std::shared_ptr<const Live>> all;
  std::vector<std::shared_ptr<const Live>> gone;
  for (const auto step : steps) {
    if (step % 3 != 0 || all.empty()) {
      all.push_back(remembered(cache, step % 2 == 0 ? ann : ben));
    } else {
      const auto& victim = all[step % all.size()];
      cache.drop(victim->session.id);
      gone.push_back(victim);
    }
    RC_ASSERT(cache.size() <= 4U);
  }
  std::size_t present = 0;
  for (const auto& live : all) {
    const auto by_id = cache.find(live->session.id, noon);
    RC_ASSERT(by_id == cache.find(live->session.token_hash, noon));
    if (by_id) ++present;
  }
  RC_ASSERT(present == cache.size());
  for (const auto& live : gone) RC_ASSERT(cache.find(live->session.id, noon) == nullptr);
}

}  // namespace
}  // namespace cardea::session
