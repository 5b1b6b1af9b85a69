// Failures that repeat within a minute: one row that counts, whoever meets it, and a chain that stays sound.
#include <algorithm>
#include <atomic>
#include <tuple>

#include "tests/contract/audit_fixture.hpp"

namespace cardea::audit {
namespace {

using std::chrono::seconds;

constexpr Kind failed{"signin.failed", {}, Repeats::counted};
constexpr Kind throttled{"signin.throttled", {}, Repeats::counted};

class AuditFloodContract : public OnTrail {
 protected:
  void fail(Time now = noon, std::string_view address = "192.0.2.1", std::string_view reason = "wrong_password") {
    fail_on(database(), now, address, reason);
  }
  void fail_on(db::Database& where, Time now, std::string_view address, std::string_view reason) {
    where.write_locking([&](db::Tx& tx) {
      trail.record(tx,
                   {.now = now, .origin = {.request = RequestId::make(now, random), .address = std::string{address}}},
                   {.kind = failed, .account = ann, .reason = reason});
    });
  }
  /// "3 from 192.0.2.1 wrong_password", one after another, by time.
  std::string rows() {
    std::string text;
    auto all = events();
    std::sort(all.begin(), all.end(), [](const Entry& a, const Entry& b) {
      return std::tie(a.at, a.address, a.reason) < std::tie(b.at, b.address, b.reason);
    });
    for (const auto& each : all) {
      text += (text.empty() ? "" : "; ") + std::to_string(each.count) + " from " + each.address + " " + each.reason;
    }
    return text;
  }
  std::int64_t sum_of_counts() {
    // Adding up BIGINTs is NUMERIC in PostgreSQL.
    std::int64_t sum = 0;
    database().read([&](db::Tx& tx) {
      for (const auto& row : tx.all("SELECT count FROM audit_event")) sum += row.integer(0);
    });
    return sum;
  }
  void seal_at(Time now) { ASSERT_TRUE(seal_job(database()).work(now).ok()); }
};
INSTANTIATE_TEST_SUITE_P(engines, AuditFloodContract, testing_support::both_engines(), testing_support::engine_name);

TEST_P(AuditFloodContract, repeats_within_a_minute_are_one_event_with_the_facts_of_the_first) {
  fail();
  const auto first = events().at(0);
  EXPECT_EQ(first.count, 1);
  EXPECT_FALSE(first.last_at);
  fail(noon + seconds{20});
  fail(noon + seconds{59});
  fail(noon + seconds{40});  // of a process whose clock is a little behind
  const auto all = events();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].id, first.id);
  EXPECT_EQ(all[0].at, noon);
  EXPECT_EQ(all[0].request_id, first.request_id);
  EXPECT_EQ(all[0].count, 4);
  EXPECT_EQ(all[0].last_at, noon + seconds{59});
  EXPECT_EQ(lines.size(), 4U) << "the log tells each";
}

TEST_P(AuditFloodContract, what_differs_in_anything_that_is_recorded_is_another_event) {
  fail();
  fail(noon, "192.0.2.2");
  fail(noon, "192.0.2.1", "account_disabled");
  const auto bob = AccountId::make(noon, random);
  add_account(database(), bob);
  const Origin origin{.address = "192.0.2.1"};
  record({.kind = failed, .account = bob, .reason = "wrong_password"}, origin);
  record({.kind = throttled, .account = ann, .reason = "wrong_password"}, origin);
  record({.kind = failed, .account = ann, .actor = bob, .reason = "wrong_password"}, origin);
  record({.kind = failed, .account = ann, .reason = "wrong_password", .subject = "x"}, origin);
  record({.kind = failed, .reason = "unknown_account"}, origin);
  EXPECT_EQ(count_events(), 8);
  record({.kind = failed, .reason = "unknown_account"}, origin);
  EXPECT_EQ(count_events(), 8) << "another name that nobody has";
  EXPECT_EQ(sum_of_counts(), 9);
}

TEST_P(AuditFloodContract, one_ipv6_network_is_one_whatever_address_it_uses) {
  fail(noon, "2001:db8:7::1");
  fail(noon, "2001:db8:7:aa::2");
  fail(noon, "2001:db8:8::1");
  EXPECT_EQ(rows(), "2 from 2001:db8:7::1 wrong_password; 1 from 2001:db8:8::1 wrong_password");
}

TEST_P(AuditFloodContract, other_kinds_are_never_counted) {
  for (int i = 0; i < 3; ++i) record({.kind = Kind{"note.created", {}}, .account = ann});
  EXPECT_EQ(count_events(), 3);
}

TEST_P(AuditFloodContract, those_recorded_together_are_counted_too) {
  const std::vector<Event> events{{.kind = failed}, {.kind = failed}, {.kind = throttled}, {.kind = failed}};
  for (int i = 0; i < 2; ++i) {
    database().write([&](db::Tx& tx) { trail.record(tx, {.now = noon}, events); });
  }
  EXPECT_EQ(count_events(), 2);
  EXPECT_EQ(sum_of_counts(), 8);
}

TEST_P(AuditFloodContract, rolled_back_repeat_counts_nothing) {
  fail();
  (void)database().write([&](db::Tx& tx) -> Result<Done> {
    trail.record(tx, {.now = noon}, {.kind = failed, .account = ann, .reason = "wrong_password"});
    return not_found;
  });
  EXPECT_EQ(sum_of_counts(), 1);
}

TEST_P(AuditFloodContract, a_row_is_sealed_when_its_minute_is_over_and_never_changes_then) {
  fail();
  record({.kind = Kind{"note.created", {}}, .account = ann}, {}, noon + seconds{1});
  seal_at(noon + seconds{30});
  EXPECT_EQ(database().read(head).number, 1) << "the other one";
  fail(noon + seconds{59});
  seal_at(noon + seconds{59});
  EXPECT_EQ(database().read(head).number, 1);
  seal_at(noon + seconds{60});
  EXPECT_EQ(database().read(head).number, 2);
  fail(noon + seconds{61});
  EXPECT_EQ(rows(), "2 from 192.0.2.1 wrong_password; 1 from  ; 1 from 192.0.2.1 wrong_password");
  EXPECT_FALSE(verify(database()));
  seal_at(noon + seconds{121});
  EXPECT_EQ(database().read(head).number, 3);
  EXPECT_FALSE(verify(database()));
}

TEST_P(AuditFloodContract, a_clock_that_was_ahead_does_not_keep_a_row_open) {
  fail(noon + std::chrono::hours{24 * 400});
  seal_at(noon);
  EXPECT_EQ(database().read(head).number, 1);
}

TEST_P(AuditFloodContract, the_last_seal_of_a_server_takes_what_still_counts) {
  fail();
  seal_all(database(), nullptr);
  EXPECT_EQ(database().read(head).number, 1);
}

TEST_P(AuditFloodContract, changing_what_was_counted_shows) {
  fail();
  fail(noon + seconds{5});
  database().write(seal);
  ASSERT_FALSE(verify(database()));
  const auto breaks = [&](auto change) {
    database().write(change);
    EXPECT_EQ(verify(database()).value().number, 1);
    database().write([](db::Tx& tx) { tx.run("UPDATE audit_event SET count = 2, last_at = $1", noon + seconds{5}); });
    ASSERT_FALSE(verify(database()));
  };
  breaks([](db::Tx& tx) { tx.run("UPDATE audit_event SET count = 1"); });
  breaks([](db::Tx& tx) { tx.run("UPDATE audit_event SET count = 3"); });
  breaks([](db::Tx& tx) { tx.run("UPDATE audit_event SET last_at = last_at + 1"); });
  breaks([](db::Tx& tx) { tx.run("UPDATE audit_event SET last_at = NULL"); });
  breaks([](db::Tx& tx) { tx.run("UPDATE audit_event SET count = 1, last_at = NULL"); });
}

TEST_P(AuditFloodContract, making_many_of_an_event_that_happened_once_shows) {
  fail();
  database().write(seal);
  database().write([](db::Tx& tx) { tx.run("UPDATE audit_event SET count = 2, last_at = at"); });
  EXPECT_EQ(verify(database()).value().number, 1);
}

TEST_P(AuditFloodContract, two_processes_at_once_count_every_failure_beside_a_sealer) {
  constexpr int writers = 6;
  constexpr int each = 40;
  const auto other = reopen();
  std::atomic<int> running = writers;
  testing_support::race(writers + 1, [&](int i) {
    if (i == writers) {
      while (running > 0) seal_all(database(), nullptr);
      return;
    }
    for (int n = 0; n < each; ++n) fail_on(i % 2 == 0 ? database() : *other, noon, "192.0.2.1", "wrong_password");
    --running;
  });
  database().write(seal);
  EXPECT_EQ(sum_of_counts(), writers * each);
  EXPECT_FALSE(verify(database()));
}

TEST_P(AuditFloodContract, two_processes_at_once_make_one_row) {
  constexpr int writers = 6;
  constexpr int each = 20;
  const auto other = reopen();
  testing_support::race(writers, [&](int i) {
    for (int n = 0; n < each; ++n) fail_on(i % 2 == 0 ? database() : *other, noon, "192.0.2.1", "wrong_password");
  });
  EXPECT_EQ(rows(), std::to_string(writers * each) + " from 192.0.2.1 wrong_password");
}

TEST_P(AuditFloodContract, of_a_day_is_at_most_a_row_for_each_minute) {
  constexpr int day = 86'400;
  constexpr int pause = 40;  // seconds; more than one of them in each minute
  for (int second = 0; second < day; second += pause) {
    fail(noon + seconds{second});
    seal_at(noon + seconds{second + 1});
  }
  database().write(seal);
  EXPECT_LE(count_events(), 1440);
  EXPECT_EQ(sum_of_counts(), day / pause);
  EXPECT_FALSE(verify(database()));
}

}  // namespace
}  // namespace cardea::audit
