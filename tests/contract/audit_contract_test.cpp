#include "audit/audit.hpp"

#include <algorithm>
#include <atomic>
#include <set>

#include "audit/audit_chain.hpp"
#include "audit/audit_store.hpp"
#include "audit/listing.hpp"
#include "encoding/base64.hpp"
#include "tests/contract/audit_accounts.hpp"
#include "tests/support/engines.hpp"
#include "tests/support/random.hpp"

namespace cardea::audit {
namespace {

const Time noon = from_micros(1'800'000'000'000'000);

class AuditContract : public testing_support::OnEngine {
 protected:
  AuditContract() {
    log.redirect([this](std::string_view line) {
      const std::lock_guard lock{mutex};
      lines.emplace_back(line);
    });
    add_account(database(), ann);
    add_account(database(), bob);
  }

  void record(const Event& event, const Origin& origin = {}, Time now = noon) {
    database().write([&](db::Tx& tx) { trail.record(tx, {.now = now, .origin = origin}, event); });
  }
  /// `count` events of different content, sealed.
  void record_chain(int count) {
    for (int i = 0; i < count; ++i) {
      const auto subject = "note " + std::to_string(i);
      record({.kind = Kind{"note.created", {}},
              .account = ann,
              .actor = bob,
              .session = session,
              .reason = "x",
              .subject = subject},
             {.request = RequestId::make(noon, random), .address = "192.0.2.1"}, noon + std::chrono::seconds{i});
    }
    database().write(seal);
  }
  /// The events about an account, sealed or not.
  std::vector<Entry> about(const AccountId& account) {
    return database().read([&](db::Tx& tx) { return audit::about(tx, trail.keys(), account, {}, Time{}, 1000); });
  }

  testing_support::SeededRandom random{3};
  observe::Log log{observe::Format::json, observe::Level::debug};
  Trail trail{log, random, Secret{std::string(32, 's')}};
  AccountId ann = AccountId::make(noon, random);
  AccountId bob = AccountId::make(noon, random);
  SessionId session = SessionId::make(noon, random);
  std::mutex mutex;
  std::vector<std::string> lines;
};
INSTANTIATE_TEST_SUITE_P(engines, AuditContract, testing_support::both_engines(), testing_support::engine_name);

TEST_P(AuditContract, events_recorded_together_are_stored_one_by_one_whatever_their_number) {
  for (std::size_t count = 0; count <= 5; ++count) {
    const AccountId whom = AccountId::make(noon, random);
    add_account(database(), whom);
    const std::vector<std::string> subjects{"a", "b", "c", "d", "e"};
    std::vector<Event> events;
    for (std::size_t i = 0; i < count; ++i) {
      events.push_back({.kind = Kind{"note.created", {}}, .account = whom, .subject = subjects[i]});
    }
    const auto before = lines.size();
    database().write([&](db::Tx& tx) { trail.record(tx, {.now = noon}, events); });
    std::set<std::string> stored;
    std::set<std::string> ids;
    for (const auto& entry : about(whom)) {
      stored.insert(entry.subject);
      ids.insert(entry.id.text());
    }
    EXPECT_EQ(stored, std::set<std::string>(subjects.begin(), subjects.begin() + static_cast<std::ptrdiff_t>(count)));
    EXPECT_EQ(ids.size(), count);
    EXPECT_EQ(lines.size(), before + count) << "a log line for each";
  }
}

TEST_P(AuditContract, event_is_stored_with_all_it_says) {
  const auto request = RequestId::make(noon, random);
  record({.kind = Kind{"signin.failed", {}},
          .account = ann,
          .actor = bob,
          .session = session,
          .reason = "wrong_password",
          .subject = "name, email"},
         {.request = request, .address = "2001:db8::1"});
  const auto entries = about(ann);
  ASSERT_EQ(entries.size(), 1U);
  const auto& entry = entries.front();
  EXPECT_EQ(entry.at, noon);
  EXPECT_EQ(entry.kind, "signin.failed");
  EXPECT_EQ(entry.account, ann);
  EXPECT_EQ(entry.actor, bob);
  EXPECT_EQ(entry.session, session);
  EXPECT_EQ(entry.reason, "wrong_password");
  EXPECT_EQ(entry.subject, "name, email");
  EXPECT_EQ(entry.address, "2001:db8::1");
  EXPECT_EQ(entry.request_id, request.text());
}

TEST_P(AuditContract, event_about_nobody_is_stored) {
  record({.kind = Kind{"signin.failed", {}}});
  EXPECT_EQ(database().write(seal), 1);
  EXPECT_FALSE(verify(database()));
}

TEST_P(AuditContract, rolled_back_change_leaves_no_event_and_no_line) {
  const auto failed = database().write([&](db::Tx& tx) -> Result<Done> {
    trail.record(tx, {.now = noon}, {.kind = Kind{"note.created", {}}, .account = ann});
    return not_found;
  });
  EXPECT_FALSE(failed.ok());
  EXPECT_TRUE(about(ann).empty());
  EXPECT_TRUE(lines.empty());
}

TEST_P(AuditContract, committed_event_is_one_log_line_whatever_it_holds) {
  record({.kind = Kind{"signin.failed", {}}, .account = ann, .session = session, .reason = "a\nb\x1b[31m\"}"},
         {.address = "192.0.2.7"});
  ASSERT_EQ(lines.size(), 1U);
  const auto& line = lines.front();
  for (const std::string& part : {std::string{"signin.failed"}, ann.text(), session.text(), std::string{"192.0.2.7"}}) {
    EXPECT_NE(line.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(line.find('\x1b'), std::string::npos);
  const auto end = line.find('\n');
  EXPECT_TRUE(end == std::string::npos || end + 1 == line.size());
}

TEST_P(AuditContract, over_long_and_malformed_text_is_stored_bounded) {
  const std::string long_name(1000, 'k');
  std::string euros;
  for (int i = 0; i < 100; ++i) euros += "€";
  record({.kind = Kind{long_name, {}}, .account = ann, .reason = std::string_view{"a\0b\xff", 4}, .subject = euros},
         {.address = std::string(1000, '1')});
  const auto entry = about(ann).at(0);
  EXPECT_EQ(entry.kind.size(), 64U);
  EXPECT_EQ(entry.reason, "a?b?");
  EXPECT_EQ(entry.subject, euros.substr(0, 255));  // 85 whole characters of 3 bytes
  EXPECT_EQ(entry.address.size(), 64U);
  database().write(seal);
  EXPECT_FALSE(verify(database()));
}

TEST_P(AuditContract, sealing_numbers_every_event_once) {
  record_chain(5);
  EXPECT_EQ(database().write(seal), 0);
  record({.kind = Kind{"k", {}}});
  record({.kind = Kind{"k", {}}});
  EXPECT_EQ(database().write(seal), 2);
  EXPECT_FALSE(verify(database()));
  const auto rows =
      database().read([](db::Tx& tx) { return tx.all("SELECT number FROM audit_event ORDER BY number"); });
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(rows[i].integer(0), static_cast<std::int64_t>(i) + 1);
}

TEST_P(AuditContract, empty_chain_is_whole) {
  EXPECT_EQ(database().write(seal), 0);
  EXPECT_FALSE(verify(database()));
}

TEST_P(AuditContract, job_seals_more_than_one_batch) {
  database().write([&](db::Tx& tx) {
    for (int i = 0; i < 1203; ++i) trail.record(tx, {.now = noon}, {.kind = Kind{"k", {}}});
  });
  EXPECT_TRUE(seal_job(database()).work(noon).ok());
  EXPECT_EQ(database().write(seal), 0);
  EXPECT_FALSE(verify(database()));
}

TEST_P(AuditContract, changing_any_column_of_a_sealed_event_shows) {
  record_chain(3);
  const auto breaks_at_2 = [&](auto change) {
    database().write(change);
    const auto broken = verify(database());
    ASSERT_TRUE(broken);
    EXPECT_EQ(broken->number, 2);
  };
  const auto old = database().read([](db::Tx& tx) {
    return tx
        .one(
            "SELECT at, kind, account_pseudonym, actor_pseudonym, account_sealed, actor_sealed, reason, hash, id "
            "FROM audit_event WHERE number = 2")
        .value();
  });
  const auto restore = [&] {
    database().write([&](db::Tx& tx) {
      tx.run(
          "UPDATE audit_event SET at = $1, kind = $2, account_pseudonym = $3, actor_pseudonym = $4, "
          "account_sealed = $5, actor_sealed = $6, reason = $7, hash = $8, id = $9, count = 1, last_at = NULL "
          "WHERE number = 2",
          old.integer(0), old.text(1), old.bytes(2), old.bytes(3), old.bytes(4), old.bytes(5), old.text(6),
          old.bytes(7), old.bytes(8));
    });
    ASSERT_FALSE(verify(database()));
  };
  breaks_at_2([](db::Tx& tx) { tx.run("UPDATE audit_event SET at = at + 1 WHERE number = 2"); });
  restore();
  breaks_at_2([](db::Tx& tx) { tx.run("UPDATE audit_event SET kind = 'k' WHERE number = 2"); });
  restore();
  breaks_at_2([](db::Tx& tx) { tx.run("UPDATE audit_event SET account_pseudonym = NULL WHERE number = 2"); });
  restore();
  breaks_at_2([&](db::Tx& tx) { tx.run("UPDATE audit_event SET account_pseudonym = $1 WHERE number = 2", bob); });
  restore();
  breaks_at_2([](db::Tx& tx) { tx.run("UPDATE audit_event SET actor_pseudonym = NULL WHERE number = 2"); });
  restore();
  breaks_at_2([](db::Tx& tx) { tx.run("UPDATE audit_event SET account_sealed = actor_sealed WHERE number = 2"); });
  restore();
  breaks_at_2([](db::Tx& tx) { tx.run("UPDATE audit_event SET account_sealed = NULL WHERE number = 2"); });
  restore();
  breaks_at_2([](db::Tx& tx) { tx.run("UPDATE audit_event SET actor_sealed = NULL WHERE number = 2"); });
  restore();
  breaks_at_2([](db::Tx& tx) { tx.run("UPDATE audit_event SET reason = '' WHERE number = 2"); });
  restore();
  breaks_at_2([](db::Tx& tx) { tx.run("UPDATE audit_event SET count = 2 WHERE number = 2"); });
  restore();
  breaks_at_2([](db::Tx& tx) { tx.run("UPDATE audit_event SET last_at = 7 WHERE number = 2"); });
  restore();
  breaks_at_2([&](db::Tx& tx) { tx.run("UPDATE audit_event SET id = $1 WHERE number = 2", bob); });
  restore();
  breaks_at_2([](db::Tx& tx) { tx.run("UPDATE audit_event SET hash = NULL WHERE number = 2"); });
}

TEST_P(AuditContract, deleted_event_in_the_middle_shows) {
  record_chain(4);
  database().write([](db::Tx& tx) { tx.run("DELETE FROM audit_event WHERE number = 2"); });
  EXPECT_EQ(verify(database()).value().number, 2);
}

TEST_P(AuditContract, deleted_first_event_shows) {
  record_chain(3);
  database().write([](db::Tx& tx) { tx.run("DELETE FROM audit_event WHERE number = 1"); });
  EXPECT_EQ(verify(database()).value().number, 1);
}

TEST_P(AuditContract, closing_the_gap_after_a_deletion_shows) {
  record_chain(4);
  database().write([](db::Tx& tx) {
    tx.run("DELETE FROM audit_event WHERE number = 2");
    tx.run("UPDATE audit_event SET number = 2 WHERE number = 3");
    tx.run("UPDATE audit_event SET number = 3 WHERE number = 4");
  });
  EXPECT_EQ(verify(database()).value().number, 2);
}

TEST_P(AuditContract, swapped_events_show) {
  record_chain(4);
  database().write([](db::Tx& tx) {
    tx.run("UPDATE audit_event SET number = 99 WHERE number = 2");
    tx.run("UPDATE audit_event SET number = 2 WHERE number = 3");
    tx.run("UPDATE audit_event SET number = 3 WHERE number = 99");
  });
  EXPECT_EQ(verify(database()).value().number, 2);
}

TEST_P(AuditContract, event_taken_out_of_the_end_of_the_chain_shows) {
  record_chain(3);
  database().write([](db::Tx& tx) { tx.run("UPDATE audit_event SET number = NULL WHERE number = 3"); });
  EXPECT_EQ(verify(database()).value().number, 3);
}

TEST_P(AuditContract, event_changed_together_with_its_own_hash_shows_at_the_next) {
  record_chain(3);
  database().write([](db::Tx& tx) {
    const auto sealed = sealed_after(tx, 0, 2);
    Link first{.number = 1};
    std::copy(sealed.at(0).hash.value().begin(), sealed.at(0).hash.value().end(), first.hash.begin());
    Entry forged = sealed.at(1).entry;
    forged.reason = "forged";
    tx.run("UPDATE audit_event SET reason = 'forged', hash = $1 WHERE number = 2", next_link(first, forged).hash);
  });
  const auto broken = verify(database());
  ASSERT_TRUE(broken);
  EXPECT_EQ(broken->number, 3);
}

TEST_P(AuditContract, cut_end_alone_does_not_show) {  // the limit of a chain without an outside witness
  record_chain(3);
  database().write([](db::Tx& tx) { tx.run("DELETE FROM audit_event WHERE number = 3"); });
  EXPECT_FALSE(verify(database()));
}

TEST_P(AuditContract, survey_counts_what_the_chain_holds_and_what_it_does_not) {
  EXPECT_EQ(survey(database(), noon).sealed, 0);
  record_chain(3);
  record({.kind = Kind{"k", {}}}, {}, noon + std::chrono::seconds{5});
  record({.kind = Kind{"k", {}}}, {}, noon + std::chrono::seconds{9});
  const auto found = survey(database(), noon + std::chrono::seconds{10});
  EXPECT_FALSE(found.broken);
  EXPECT_EQ(found.sealed, 3);
  EXPECT_EQ(found.last_number, 3);
  EXPECT_EQ(found.last_hash, to_bytes(database().read(head).hash));
  EXPECT_EQ(found.unsealed, 2);
  EXPECT_EQ(found.oldest_unsealed, noon + std::chrono::seconds{5});
  EXPECT_FALSE(found.is_overdue);
  database().write([](db::Tx& tx) { tx.run("DELETE FROM audit_event WHERE number = 2"); });
  EXPECT_EQ(survey(database(), noon).broken->number, 2);
}

TEST_P(AuditContract, survey_finds_events_that_were_passed_over) {
  record({.kind = Kind{"k", {}}}, {}, noon);
  const Time later = noon + sealed_within + std::chrono::seconds{1};
  EXPECT_FALSE(survey(database(), later).is_overdue) << "a copy whose server was stopped within those seconds";
  record({.kind = Kind{"k", {}}}, {}, later);
  EXPECT_TRUE(survey(database(), later).is_overdue) << "an event was stored later";
  EXPECT_FALSE(survey(database(), noon + sealed_within).is_overdue) << "by a clock that was ahead";
}

TEST_P(AuditContract, sealing_tells_its_witness_where_the_chain_stands) {
  record_chain(2);
  lines.clear();
  record({.kind = Kind{"k", {}}});
  lines.clear();
  EXPECT_TRUE(seal_job(database(), &log).work(noon).ok());
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_NE(lines[0].find("audit.sealed"), std::string::npos);
  EXPECT_NE(lines[0].find("\"number\":3,\"hash\":\"" + encoding::hex(database().read(head).hash)), std::string::npos);
  EXPECT_TRUE(seal_job(database(), &log).work(noon).ok());
  EXPECT_EQ(lines.size(), 1U) << "nothing was sealed";
}

TEST_P(AuditContract, two_sealers_at_once_make_one_chain) {
  database().write([&](db::Tx& tx) {
    for (int i = 0; i < 300; ++i) trail.record(tx, {.now = noon}, {.kind = Kind{"k", {}}});
  });
  std::atomic<std::int64_t> sealed = 0;
  testing_support::race(3, [&](int) { sealed += database().write(seal); });
  EXPECT_EQ(sealed, 300);
  EXPECT_FALSE(verify(database()));
}

}  // namespace
}  // namespace cardea::audit
