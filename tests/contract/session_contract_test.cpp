// Sessions on both engines: from opening to every way of ending.
#include "session/session.hpp"

#include <algorithm>

#include "crypto/opaque_token.hpp"
#include "encoding/unicode.hpp"
#include "session/cache.hpp"
#include "tests/support/accounts.hpp"
#include "tests/support/counted_database.hpp"
#include "tests/support/engines.hpp"
#include "tests/support/random.hpp"

namespace cardea::session {
namespace {

using namespace std::chrono_literals;

const Time noon = from_micros(1'800'000'000'000'000);

Context from_agent(Time now) { return {.now = now, .origin = {.address = "192.0.2.1", .user_agent = "Agent/1"}}; }

Assurance password_at(Time now) { return {.shown = {{AuthMethod::password, now}}}; }

class SessionContract : public testing_support::OnEngine {
 protected:
  Session opened(const AccountId& account, Time now = noon, std::optional<Duration> absolute = {}) {
    return database()
        .write([&](db::Tx& tx) {
          return open(tx, from_agent(now), account, password_at(now), settings, random, absolute);
        })
        .session;
  }
  std::optional<Session> found(const SessionId& id, Time now = noon) {
    return database().read([&](db::Tx& tx) { return find(tx, id, now); });
  }
  std::vector<SessionId> listed(const AccountId& account, Time now = noon) {
    std::vector<SessionId> ids;
    database().read([&](db::Tx& tx) {
      for (const auto& session : list(tx, account, now)) ids.push_back(session.id);
    });
    return ids;
  }
  void use(Session& session, Time now) {
    session = touched(session, settings, now);
    database().write([&](db::Tx& tx) { touch(tx, session.id, settings, now); });
  }
  std::int64_t rows() {
    return database().read([](db::Tx& tx) { return tx.one("SELECT count(*) FROM session")->integer(0); });
  }

  testing_support::SeededRandom random{31};
  Settings settings;
  Cache cache{100, 1min};
  AccountId ann = testing_support::add_account(database(), noon, random);
  AccountId ben = testing_support::add_account(database(), noon, random);
};
INSTANTIATE_TEST_SUITE_P(engines, SessionContract, testing_support::both_engines(), testing_support::engine_name);

TEST_P(SessionContract, opened_session_is_found_by_its_token_and_its_id) {
  const auto made = database().write(
      [&](db::Tx& tx) { return open(tx, from_agent(noon), ann, password_at(noon), settings, random); });
  const auto hash = crypto::opaque_token_hash(made.token.reveal());
  ASSERT_TRUE(hash);
  const auto by_token = database().read([&](db::Tx& tx) { return find(tx, *hash, noon); });
  for (const auto& session : {by_token, found(made.session.id)}) {
    ASSERT_TRUE(session);
    EXPECT_EQ(session->id, made.session.id);
    EXPECT_EQ(session->account, ann);
    EXPECT_EQ(session->token_hash, *hash);
    EXPECT_EQ(session->created_at, noon);
    EXPECT_EQ(session->assurance, password_at(noon));
    EXPECT_EQ(session->last_seen_at, noon);
    EXPECT_EQ(session->idle_until, noon + settings.idle);
    EXPECT_EQ(session->expires_at, noon + settings.absolute);
    EXPECT_EQ(session->user_agent, "Agent/1");
    EXPECT_EQ(session->address, "192.0.2.1");
  }
}

TEST_P(SessionContract, token_is_not_in_the_database) {
  const auto made =
      database().write([&](db::Tx& tx) { return open(tx, {.now = noon}, ann, password_at(noon), settings, random); });
  database().read([&](db::Tx& tx) {
    const auto row = tx.one("SELECT token_hash FROM session");
    EXPECT_NE(as_text(row->bytes(0)), made.token.reveal());
    EXPECT_EQ(row->bytes(0).size(), 32U);
  });
}

TEST_P(SessionContract, text_that_is_no_token_has_no_key) {
  const auto made =
      database().write([&](db::Tx& tx) { return open(tx, {.now = noon}, ann, password_at(noon), settings, random); });
  const std::string token{made.token.reveal()};
  EXPECT_TRUE(crypto::opaque_token_hash(token));
  for (const std::string& wrong : {std::string{}, token + "A", token.substr(1), token.substr(1) + "=",
                                   token.substr(1) + "+", std::string(43, '\0'), token.substr(1) + "\n"}) {
    EXPECT_FALSE(crypto::opaque_token_hash(wrong)) << wrong;
  }
}

TEST_P(SessionContract, session_ends_by_idleness_and_by_age) {
  settings.idle = 1h;
  settings.absolute = 3h;
  auto session = opened(ann);
  EXPECT_TRUE(found(session.id, noon + 1h - 1us));
  EXPECT_FALSE(found(session.id, noon + 1h));
  for (const auto at : {50min, 100min, 150min}) {
    use(session, noon + at);
  }
  EXPECT_TRUE(found(session.id, noon + 3h - 1us));
  EXPECT_FALSE(found(session.id, noon + 3h));
  EXPECT_TRUE(listed(ann, noon + 3h).empty());
}

TEST_P(SessionContract, shorter_life_ends_a_session_sooner_but_never_later) {
  EXPECT_EQ(opened(ann, noon, 1h).expires_at, noon + 1h);
  EXPECT_EQ(opened(ann, noon, settings.absolute * 2).expires_at, noon + settings.absolute);
}

TEST_P(SessionContract, touch_is_wanted_once_a_minute_and_moves_the_idle_time_out) {
  auto session = opened(ann);
  EXPECT_FALSE(wants_touch(session, noon + 1min - 1us));
  EXPECT_TRUE(wants_touch(session, noon + 1min));
  use(session, noon + 1min);
  EXPECT_EQ(found(session.id)->last_seen_at, noon + 1min);
  EXPECT_EQ(found(session.id)->idle_until, noon + 1min + settings.idle);
  EXPECT_EQ(session.idle_until, noon + 1min + settings.idle);
}

TEST_P(SessionContract, session_in_constant_use_outlives_the_shortest_idle_time_out) {
  settings.idle = 1min;
  auto session = opened(ann);
  for (Time now = noon; now < noon + 5min; now += 5s) {
    ASSERT_TRUE(session.is_live(now)) << to_seconds(now) - to_seconds(noon) << " s";
    if (wants_touch(session, now)) use(session, now);
  }
}

TEST_P(SessionContract, idle_time_out_never_reaches_beyond_the_session) {
  settings.idle = 1h;
  settings.absolute = 90min;
  auto session = opened(ann);
  EXPECT_EQ(session.idle_until, noon + 1h);
  use(session, noon + 40min);
  EXPECT_EQ(session.idle_until, session.expires_at);
  EXPECT_EQ(found(session.id)->idle_until, session.expires_at);
  // What is left shrinks to nothing, and the last minutes are not written again and again.
  EXPECT_FALSE(wants_touch(session, noon + 41min - 1us));
  EXPECT_TRUE(wants_touch(session, noon + 41min));
  EXPECT_EQ(opened(ann, noon, 10min).idle_until, noon + 10min);
}

TEST_P(SessionContract, an_earlier_use_does_not_move_the_time_out_back) {
  auto session = opened(ann);
  use(session, noon + 5min);
  use(session, noon + 3min);
  EXPECT_EQ(found(session.id)->last_seen_at, noon + 5min);
}

TEST_P(SessionContract, touch_does_not_revive_a_revoked_session) {
  auto session = opened(ann);
  database().write([&](db::Tx& tx) { EXPECT_TRUE(revoke(tx, ann, session.id)); });
  use(session, noon + 1min);
  EXPECT_FALSE(found(session.id));
  EXPECT_EQ(rows(), 0);
}

TEST_P(SessionContract, list_has_the_accounts_own_live_sessions_latest_used_first) {
  const auto first = opened(ann);
  auto second = opened(ann, noon + 1s);
  const auto third = opened(ann, noon + 2s);
  opened(ben);
  const auto ended = opened(ann, noon - settings.idle);
  use(second, noon + 5min);
  EXPECT_EQ(listed(ann), (std::vector{second.id, third.id, first.id}));
  EXPECT_FALSE(found(ended.id));
}

TEST_P(SessionContract, list_is_bounded) {
  for (int i = 0; i < 205; ++i) opened(ann, noon + 1ms * i);
  EXPECT_EQ(listed(ann).size(), 200U);
}

TEST_P(SessionContract, account_revokes_its_own_session_once_and_nobody_elses) {
  const auto mine = opened(ann);
  const auto theirs = opened(ben);
  database().write([&](db::Tx& tx) {
    EXPECT_FALSE(revoke(tx, ann, theirs.id));
    EXPECT_TRUE(revoke(tx, ann, mine.id));
    EXPECT_FALSE(revoke(tx, ann, mine.id));
  });
  EXPECT_FALSE(found(mine.id));
  EXPECT_TRUE(found(theirs.id));
}

TEST_P(SessionContract, revoking_others_keeps_one_and_revoking_all_keeps_none) {
  const auto kept = opened(ann);
  opened(ann);
  opened(ann);
  const auto theirs = opened(ben);
  database().write([&](db::Tx& tx) { EXPECT_EQ(revoke_others(tx, ann, kept.id), 2); });
  EXPECT_EQ(listed(ann), std::vector{kept.id});
  database().write([&](db::Tx& tx) {
    EXPECT_EQ(revoke_all(tx, ann), 1);
    EXPECT_EQ(revoke_all(tx, ann), 0);
  });
  EXPECT_TRUE(listed(ann).empty());
  EXPECT_TRUE(found(theirs.id));
}

TEST_P(SessionContract, limit_ends_the_oldest_sessions_of_the_account_and_says_which) {
  settings.per_account = 3;
  std::vector<SessionId> mine;
  for (int i = 0; i < 5; ++i) mine.push_back(opened(ann, noon + 1s * i).id);
  const auto theirs = opened(ben);
  const auto room_made = [&](const std::optional<Key>& replaced = {}) {
    std::vector<SessionId> ended;
    for (const auto& each :
         database().write([&](db::Tx& tx) { return make_room(tx, ann, replaced, settings, noon + 10s); })) {
      EXPECT_EQ(each.account, ann);
      EXPECT_EQ(each.is_replaced, replaced.has_value());
      ended.push_back(each.id);
    }
    std::sort(ended.begin(), ended.end());
    return ended;
  };
  EXPECT_EQ(room_made(), (std::vector{mine[0], mine[1], mine[2]})) << "with the new one there will be three";
  EXPECT_EQ(listed(ann, noon + 10s), (std::vector{mine[4], mine[3]}));
  EXPECT_TRUE(found(theirs.id));
  EXPECT_TRUE(room_made().empty());
  EXPECT_EQ(room_made(mine[4]), std::vector{mine[4]}) << "what is replaced makes room for itself";
  EXPECT_EQ(listed(ann, noon + 10s), std::vector{mine[3]});
}

TEST_P(SessionContract, replaced_session_may_be_of_another_account_and_is_named_by_either_key) {
  const auto theirs = database().write(
      [&](db::Tx& tx) { return open(tx, from_agent(noon), ben, password_at(noon), settings, random); });
  const auto make = [&](const Key& key) {
    return database().write([&](db::Tx& tx) { return make_room(tx, ann, key, settings, noon); });
  };
  const auto ended = make(theirs.session.token_hash);
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].id, theirs.session.id);
  EXPECT_EQ(ended[0].account, ben);
  EXPECT_TRUE(ended[0].is_replaced);
  EXPECT_TRUE(make(theirs.session.id).empty()) << "it is gone";
}

TEST_P(SessionContract, only_the_principal_of_a_live_session_may_act) {
  const auto mine = opened(ann);
  const auto acting = [&](const AccountId& account, Time now) {
    const Context context{.now = now, .principal = Principal{.account = account, .session = mine.id}};
    return write_for(database(), context, [](db::Tx&) -> Result<Done> { return done; }).ok();
  };
  EXPECT_TRUE(acting(ann, noon));
  EXPECT_FALSE(acting(ben, noon)) << "the session is not theirs";
  EXPECT_FALSE(acting(ann, noon + settings.idle));
  database().write([&](db::Tx& tx) { EXPECT_TRUE(revoke(tx, ann, mine.id)); });
  EXPECT_FALSE(acting(ann, noon));
}

TEST_P(SessionContract, sweep_removes_what_has_ended_and_nothing_else) {
  settings.idle = 1h;
  settings.absolute = 3h;
  const auto idle = opened(ann, noon);
  const auto old = opened(ann, noon, 90min);
  auto busy = opened(ann, noon);
  use(busy, noon + 90min);
  ASSERT_TRUE(sweep_job(database()).work(noon + 2h).ok());
  EXPECT_EQ(rows(), 1);
  EXPECT_TRUE(found(busy.id, noon + 2h));
}

TEST_P(SessionContract, session_that_a_clock_far_ahead_opened_lives_no_longer_than_others) {
  const auto right = opened(ann, noon);
  const auto ahead = opened(ann, noon + 400 * 24h);
  ASSERT_TRUE(sweep_job(database()).work(noon + 1h).ok());
  EXPECT_EQ(found(right.id)->idle_until, noon + settings.idle) << "others stay as they are";
  const auto bounded = found(ahead.id, noon + 1h);
  ASSERT_TRUE(bounded);
  EXPECT_EQ(bounded->created_at, noon + 1h);
  EXPECT_EQ(bounded->idle_until, noon + 1h + settings.idle);
  EXPECT_EQ(bounded->expires_at, noon + 1h + settings.absolute);
  EXPECT_EQ(bounded->assurance, password_at(noon + 1h)) << "nor does its password count as fresh for so long";
  testing_support::CountedDatabase counted{database()};
  ASSERT_TRUE(sweep_job(counted).work(noon + 2h).ok());
  EXPECT_EQ(found(ahead.id, noon + 2h)->created_at, noon + 1h) << "once";
}

TEST_P(SessionContract, sweep_of_many_is_many_transactions) {
  database().write([&](db::Tx& tx) {
    for (int i = 0; i < 2500; ++i) (void)open(tx, from_agent(noon), ann, password_at(noon), settings, random);
  });
  testing_support::CountedDatabase counted{database()};
  ASSERT_TRUE(sweep_job(counted).work(noon + settings.absolute + 1h).ok());
  EXPECT_EQ(rows(), 0);
  EXPECT_EQ(counted.writes(), 3);
}

TEST_P(SessionContract, user_agent_is_kept_as_text_whatever_was_sent) {
  std::string long_umlauts = "x";
  for (int i = 0; i < 200; ++i) long_umlauts += "\u00fc";
  for (const std::string& sent : {std::string{"latin \xfc and \xff"}, long_umlauts, std::string{"tab\tand\x01"}}) {
    const auto id = database()
                        .write([&](db::Tx& tx) {
                          return open(tx, {.now = noon, .origin = {.user_agent = sent}}, ann, {}, settings, random);
                        })
                        .session.id;
    const auto kept = found(id)->user_agent;
    EXPECT_TRUE(unicode::is_utf8(kept)) << sent;
    EXPECT_LE(kept.size(), 300U);
    EXPECT_FALSE(kept.empty());
  }
}

}  // namespace
}  // namespace cardea::session
