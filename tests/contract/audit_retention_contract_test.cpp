// Removing what is old: what goes, what stays, and what shows when somebody else did it.
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>

#include "audit/archive.hpp"
#include "audit/checkpoint.hpp"
#include "audit/export.hpp"
#include "audit/retention.hpp"
#include "tests/contract/audit_fixture.hpp"

namespace cardea::audit {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using std::chrono::seconds;

constexpr hours day{24};
const Time late = noon + 500 * day;

Secret key_of(std::uint8_t fill) { return Secret{BytesView{Bytes(32, fill)}}; }

class AuditRetentionContract : public OnTrail {
 protected:
  AuditRetentionContract() {
    if (mkdtemp(folder_.data()) == nullptr) throw std::runtime_error{"no folder"};
  }
  ~AuditRetentionContract() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Result<Done> remove(Time now = late, const Settings& settings = {}) {
    return Retention{database(), settings, key_of(1), log}.remove_old(now);
  }
  [[nodiscard]] std::optional<Break> look() { return verify(database(), crypto::ed25519_public_key(key_of(1))); }
  std::optional<Checkpoint> checkpoint() { return database().read(find_checkpoint); }
  template <class Change>
  void tamper(Change change) {
    database().write([&](db::Tx& tx) { change(tx); });
  }
  std::vector<fs::path> files() {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator{folder_}) found.push_back(entry.path().filename());
    std::sort(found.begin(), found.end());
    return found;
  }
  ExportSurvey survey_file(const std::string& name) {
    std::ifstream in{folder_ + "/" + name};
    return survey_export(in, crypto::ed25519_public_key(key_of(1)));
  }
  /// Five old events and three that are young at `late`.
  void record_old_and_young() {
    record_chain(5);
    record_chain(3, late - day);
  }

  std::string folder_ = fs::temp_directory_path() / "cardea-audit-XXXXXX";
};
INSTANTIATE_TEST_SUITE_P(engines, AuditRetentionContract, testing_support::both_engines(),
                         testing_support::engine_name);

TEST_P(AuditRetentionContract, old_events_go_and_the_chain_goes_on_from_a_signed_checkpoint) {
  record_old_and_young();
  const auto last = database().read(head);
  ASSERT_TRUE(remove().ok());
  EXPECT_EQ(count_events(), 3);
  EXPECT_EQ(checkpoint().value().link.number, 5);
  EXPECT_EQ(checkpoint().value().at, late);
  EXPECT_FALSE(look());
  const auto found = survey(database(), late, crypto::ed25519_public_key(key_of(1)));
  EXPECT_EQ(found.sealed, 3);
  EXPECT_EQ(found.removed, 5);
  EXPECT_EQ(found.removed_at, late);
  EXPECT_EQ(found.last_number, 8);
  EXPECT_EQ(found.last_hash, to_bytes(last.hash));
  record_chain(2, late);
  EXPECT_FALSE(look());
  EXPECT_EQ(database().read(head).number, 10);
}

TEST_P(AuditRetentionContract, what_is_young_unsealed_or_the_newest_stays) {
  record_chain(3);
  ASSERT_TRUE(remove(noon + 400 * day).ok());
  EXPECT_EQ(count_events(), 3) << "not older than it yet";
  record({.kind = Kind{"k", {}}});
  ASSERT_TRUE(remove().ok());
  EXPECT_EQ(count_events(), 2) << "the newest that is sealed, and the one that is not";
  EXPECT_FALSE(look());
  ASSERT_TRUE(remove(late, {.keep = "forever"}).ok());
  record_chain(1, late);
  ASSERT_TRUE(remove(late, {.keep = "forever"}).ok());
  EXPECT_EQ(count_events(), 3);
  ASSERT_TRUE(remove(late, {.keep = "30d"}).ok());
  EXPECT_EQ(count_events(), 1);
}

TEST_P(AuditRetentionContract, a_second_run_moves_the_checkpoint_and_one_with_nothing_to_do_does_not) {
  record_old_and_young();
  ASSERT_TRUE(remove().ok());
  ASSERT_TRUE(remove(late + seconds{1}).ok());
  EXPECT_EQ(checkpoint().value().at, late);
  record_chain(2, late + 600 * day);
  ASSERT_TRUE(remove(late + 600 * day).ok());
  EXPECT_EQ(checkpoint().value().link.number, 8);
  EXPECT_FALSE(look());
}

TEST_P(AuditRetentionContract, more_than_a_batch_goes_in_one_run) {
  database().write([&](db::Tx& tx) {
    for (int i = 0; i < 2300; ++i) trail.record(tx, {.now = noon}, {.kind = Kind{"k", {}}});
  });
  database().write(seal);
  record_chain(1, late);
  ASSERT_TRUE(remove().ok());
  EXPECT_EQ(count_events(), 1);
  EXPECT_EQ(checkpoint().value().link.number, 2300);
  EXPECT_FALSE(look());
}

TEST_P(AuditRetentionContract, events_of_a_clock_that_was_ahead_keep_nothing_alive) {
  record_chain(2);
  record_chain(1, late + 5000 * day);
  record_chain(2, noon + day);
  record_chain(2, late);
  ASSERT_TRUE(remove().ok());
  EXPECT_EQ(count_events(), 2);
  EXPECT_FALSE(look());
}

TEST_P(AuditRetentionContract, a_young_event_keeps_what_comes_after_it) {
  record_chain(2);
  record_chain(1, late);
  record_chain(2, noon);  // of a clock that was behind
  record_chain(1, late);
  ASSERT_TRUE(remove().ok());
  EXPECT_EQ(count_events(), 4);
}

TEST_P(AuditRetentionContract, a_checkpoint_that_somebody_else_made_moved_or_took_away_shows) {
  record_old_and_young();
  const auto mark_of = [&](std::int64_t number) {
    Link link{.number = number};
    const auto event = database().read([&](db::Tx& tx) { return sealed_after(tx, number - 1, 1); }).at(0);
    std::copy(event.hash->begin(), event.hash->end(), link.hash.begin());
    return link;
  };
  const auto third = sign_checkpoint(key_of(1), mark_of(3), late);
  const auto forged = sign_checkpoint(key_of(2), mark_of(7), late);
  const auto seventh = mark_of(7);
  ASSERT_TRUE(remove().ok());
  const auto good = checkpoint().value();
  const auto put = [&](const Checkpoint& other) { tamper([&](db::Tx& tx) { replace_checkpoint(tx, other); }); };

  tamper([](db::Tx& tx) { tx.run("DELETE FROM audit_checkpoint"); });
  EXPECT_EQ(look().value().number, 1) << "taken away";
  put(third);
  EXPECT_EQ(look().value().number, 4) << "an older one";
  auto moved = good;
  moved.link = seventh;
  put(moved);
  EXPECT_EQ(look().value().number, 7) << "moved";
  moved = good;
  moved.at += seconds{1};
  put(moved);
  EXPECT_EQ(look().value().number, 5) << "of another time";
  put(sign_checkpoint(key_of(1), seventh, late));
  EXPECT_EQ(look().value().number, 7) << "of another copy: what it says was removed is here";
  put(sign_checkpoint(key_of(1), {.number = 5, .hash = {}}, late));
  EXPECT_EQ(look().value().number, 6) << "of another chain";
  put(good);
  EXPECT_FALSE(look());

  tamper([](db::Tx& tx) { tx.run("DELETE FROM audit_event WHERE number <= 7"); });
  put(forged);
  EXPECT_EQ(look().value().number, 7) << "forged, to cover what was removed";
  EXPECT_FALSE(verify(database())) << "nobody without the key can tell";
  EXPECT_TRUE(verify(database(), crypto::ed25519_public_key(key_of(3))).has_value());
}

TEST_P(AuditRetentionContract, a_checkpoint_with_nothing_behind_it_shows) {
  record_old_and_young();
  ASSERT_TRUE(remove().ok());
  tamper([](db::Tx& tx) { tx.run("DELETE FROM audit_event"); });
  EXPECT_EQ(look().value().number, 6);
}

TEST_P(AuditRetentionContract, what_is_left_is_checked_as_ever) {
  record_old_and_young();
  ASSERT_TRUE(remove().ok());
  tamper([](db::Tx& tx) { tx.run("UPDATE audit_event SET reason = 'x' WHERE number = 7"); });
  EXPECT_EQ(look().value().number, 7);
  tamper([](db::Tx& tx) { tx.run("DELETE FROM audit_event WHERE number = 6"); });
  EXPECT_EQ(look().value().number, 6);
}

TEST_P(AuditRetentionContract, a_chain_or_checkpoint_that_was_tampered_with_is_not_removed_as_evidence) {
  record_old_and_young();
  tamper([](db::Tx& tx) { tx.run("UPDATE audit_event SET reason = 'x' WHERE number = 2"); });
  const auto refused = remove();
  ASSERT_FALSE(refused.ok());
  EXPECT_TRUE(refused.error().is(chain_broken));
  EXPECT_EQ(count_events(), 8);
  tamper([](db::Tx& tx) { tx.run("UPDATE audit_event SET reason = '' WHERE number = 2"); });
  Link third{.number = 3};
  tamper([&](db::Tx& tx) {
    const auto event = sealed_after(tx, 2, 1).at(0);
    std::copy(event.hash->begin(), event.hash->end(), third.hash.begin());
    remove_up_to(tx, 3);
    replace_checkpoint(tx, sign_checkpoint(key_of(2), third, late));
  });
  EXPECT_FALSE(remove().ok()) << "or a forged checkpoint would be signed anew";
  EXPECT_EQ(count_events(), 5);
}

TEST_P(AuditRetentionContract, two_processes_at_once_remove_every_event_once) {
  record_chain(60);
  record_chain(2, late);
  const auto other = reopen();
  testing_support::race(4, [&](int i) {
    const Retention retention{i % 2 == 0 ? database() : *other, {}, key_of(1), log};
    EXPECT_TRUE(retention.remove_old(late).ok());
  });
  EXPECT_EQ(count_events(), 2);
  EXPECT_EQ(checkpoint().value().link.number, 60);
  EXPECT_FALSE(look());
}

TEST_P(AuditRetentionContract, verifying_beside_a_removal_finds_nothing_wrong) {
  record_chain(300);
  record_chain(20, late);
  std::atomic<bool> is_over = false;
  testing_support::race(2, [&](int i) {
    if (i == 0) {
      for (int days = 100; days < 500; days += 50) EXPECT_TRUE(remove(noon + days * day, {.keep = "90d"}).ok());
      is_over = true;
    } else {
      while (!is_over) EXPECT_FALSE(look());
    }
  });
}

TEST_P(AuditRetentionContract, what_goes_is_in_a_file_first_that_can_be_verified) {
  record_old_and_young();
  ASSERT_TRUE(remove(late, {.export_before_removal = folder_}).ok());
  EXPECT_EQ(count_events(), 3);
  const std::string name = "audit-000000000001-000000000005.ndjson";
  EXPECT_EQ(files(), std::vector<fs::path>{name});
  const auto found = survey_file(name);
  EXPECT_FALSE(found.broken) << found.broken->what;
  EXPECT_TRUE(found.is_signed);
  EXPECT_EQ(found.begin.number, 0);
  EXPECT_EQ(found.end.number, 5);
  EXPECT_EQ(found.end.hash, checkpoint().value().link.hash);
  record_chain(1, late + 600 * day);
  ASSERT_TRUE(remove(late + 600 * day, {.export_before_removal = folder_}).ok());
  ASSERT_EQ(files().size(), 2U);
  const auto next = survey_file(files().at(1));
  EXPECT_FALSE(next.broken) << next.broken->what;
  EXPECT_EQ(next.begin.hash, found.end.hash) << "it goes on where the first ends";
  EXPECT_EQ(next.removed, 5);
}

TEST_P(AuditRetentionContract, what_cannot_be_exported_is_not_removed) {
  record_old_and_young();
  const auto refused = remove(late, {.export_before_removal = folder_ + "/not-there"});
  ASSERT_FALSE(refused.ok());
  EXPECT_TRUE(refused.error().is(export_interrupted));
  EXPECT_NE(refused.error().detail.find("not-there"), std::string::npos);
  std::ofstream{folder_ + "/audit-000000000001-000000000005.ndjson"} << "something else\n";
  EXPECT_FALSE(remove(late, {.export_before_removal = folder_}).ok()) << "the name is taken";
  EXPECT_EQ(files().size(), 1U) << "no draft is left";
  EXPECT_EQ(count_events(), 8);
  EXPECT_FALSE(checkpoint());
}

TEST_P(AuditRetentionContract, a_file_of_a_run_that_ended_before_it_removed_is_taken) {
  record_old_and_young();
  ASSERT_TRUE(archive(database(), folder_, 5, key_of(1), late - seconds{1}).ok());
  ASSERT_TRUE(remove(late, {.export_before_removal = folder_}).ok());
  EXPECT_EQ(files().size(), 1U);
  EXPECT_EQ(count_events(), 3);
}

}  // namespace
}  // namespace cardea::audit
