// The cache beside the database: emptied by a commit, never by a roll-back, and never filled with what was revoked.
#include "session/cache.hpp"

#include <atomic>

#include "tests/support/accounts.hpp"
#include "tests/support/engines.hpp"
#include "tests/support/random.hpp"

namespace cardea::session {
namespace {

using namespace std::chrono_literals;

const Time noon = from_micros(1'800'000'000'000'000);
constexpr ErrorKind changed_my_mind{"test.no", 400, "No."};

class SessionCacheContract : public testing_support::OnEngine {
 protected:
  SessionCacheContract() {
    testing_support::start_bus(database());
    cache.follow(database().bus(), "account");
  }
  Session opened(const AccountId& account) {
    return database().write([&](db::Tx& tx) { return open(tx, {.now = noon}, account, {}, settings, random); }).session;
  }
  /// What the gate does with a session that memory does not know.
  bool load(const SessionId& id) {
    const auto epoch = cache.epochs();
    const auto session = database().read([&](db::Tx& tx) { return find(tx, id, noon); });
    return session && remember(epoch, *session);
  }
  bool remember(const Cache::Epochs& epoch, const Session& session) {
    return cache.put(epoch, std::make_shared<const Live>(Live{.session = session, .loaded_at = noon}));
  }
  bool is_cached(const SessionId& id) { return cache.find(id, noon) != nullptr; }

  testing_support::SeededRandom random{32};
  Settings settings;
  Cache cache{100, 1min};
  AccountId ann = testing_support::add_account(database(), noon, random);
  AccountId ben = testing_support::add_account(database(), noon, random);
};
INSTANTIATE_TEST_SUITE_P(engines, SessionCacheContract, testing_support::both_engines(), testing_support::engine_name);

TEST_P(SessionCacheContract, commit_of_a_revocation_empties_the_cache_before_write_returns) {
  const auto one = opened(ann);
  const auto two = opened(ann);
  const auto three = opened(ann);
  const auto theirs = opened(ben);
  for (const auto& session : {one, two, three, theirs}) ASSERT_TRUE(load(session.id));
  database().write([&](db::Tx& tx) {
    EXPECT_TRUE(revoke(tx, ann, one.id));
    EXPECT_TRUE(is_cached(one.id)) << "not yet: the transaction may still fail";
  });
  EXPECT_FALSE(is_cached(one.id));
  EXPECT_TRUE(is_cached(two.id));
  database().write([&](db::Tx& tx) { revoke_others(tx, ann, two.id); });
  EXPECT_FALSE(is_cached(three.id));
  EXPECT_TRUE(is_cached(two.id));
  database().write([&](db::Tx& tx) { revoke_all(tx, ann); });
  EXPECT_FALSE(is_cached(two.id));
  EXPECT_TRUE(is_cached(theirs.id));
}

TEST_P(SessionCacheContract, rolled_back_revocation_leaves_the_session_and_the_cache_alone) {
  const auto session = opened(ann);
  ASSERT_TRUE(load(session.id));
  const auto epoch = cache.epochs();
  const auto refused = database().write([&](db::Tx& tx) -> Result<Done> {
    EXPECT_EQ(revoke_all(tx, ann), 1);
    return changed_my_mind;
  });
  EXPECT_FALSE(refused.ok());
  EXPECT_THROW(database().write([&](db::Tx& tx) {
    EXPECT_TRUE(revoke(tx, ann, session.id));
    throw std::runtime_error("power cut");
  }),
               std::runtime_error);
  EXPECT_TRUE(is_cached(session.id));
  EXPECT_EQ(cache.epochs(), epoch);
  EXPECT_TRUE(database().read([&](db::Tx& tx) { return find(tx, session.id, noon); }));
}

TEST_P(SessionCacheContract, load_that_began_before_a_revocation_does_not_put_the_session_back) {
  const auto session = opened(ann);
  const auto epoch = cache.epochs();
  const auto read = database().read([&](db::Tx& tx) { return find(tx, session.id, noon); });
  ASSERT_TRUE(read);
  database().write([&](db::Tx& tx) { EXPECT_TRUE(revoke(tx, ann, session.id)); });
  EXPECT_FALSE(remember(epoch, *read));
  EXPECT_FALSE(is_cached(session.id));
}

TEST_P(SessionCacheContract, revoked_session_is_never_in_the_cache_however_loads_and_revocations_meet) {
  constexpr int rounds = 60;
  constexpr int loaders = 3;
  std::vector<SessionId> ids;
  for (int i = 0; i < rounds; ++i) ids.push_back(opened(ann).id);
  std::atomic<int> round = 0;
  testing_support::race(loaders + 1, [&](int who) {
    if (who > 0) {
      for (int now = round; now < rounds; now = round) load(ids[static_cast<std::size_t>(now)]);
      return;
    }
    for (int i = 0; i < rounds; ++i) {
      const auto& id = ids[static_cast<std::size_t>(i)];
      if (i % 2 == 0) load(id);
      database().write([&](db::Tx& tx) { EXPECT_TRUE(revoke(tx, ann, id)); });
      EXPECT_FALSE(is_cached(id)) << i;
      round = i + 1;
    }
  });
  for (const auto& id : ids) EXPECT_FALSE(is_cached(id));
  EXPECT_EQ(cache.size(), 0U);
}

}  // namespace
}  // namespace cardea::session
