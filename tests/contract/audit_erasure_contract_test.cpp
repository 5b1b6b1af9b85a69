// Who is erased can no longer be read in the trail, which is whole all the same.
#include <sstream>

#include "audit/export.hpp"
#include "audit/key_store.hpp"
#include "db/table_copy.hpp"
#include "tests/contract/audit_fixture.hpp"

namespace cardea::audit {
namespace {

using std::chrono::hours;

constexpr Kind changed{"user.changed", {}};
constexpr Kind failed{"signin.failed", {}, Repeats::counted};

class AuditErasureContract : public OnTrail {
 protected:
  AuditErasureContract() { add_account(database(), bob); }

  /// Something that bob does to ann.
  void record_change() {
    record({.kind = changed,
            .account = ann,
            .actor = bob,
            .session = session,
            .reason = "administrator",
            .subject = "name, email"},
           {.request = request, .address = "2001:db8::7"});
  }
  Entry only_event() {
    const auto all = events();
    EXPECT_EQ(all.size(), 1U);
    return all.at(0);
  }
  /// Every column of the trail's rows, one after another.
  std::string stored() {
    std::string text;
    database().read([&](db::Tx& tx) {
      for (const auto& row : tx.all("SELECT reason, subject, address, request_id, account_id, actor_id, session_id, "
                                    "account_pseudonym, actor_pseudonym, account_sealed, actor_sealed, flood "
                                    "FROM audit_event")) {
        for (std::size_t i = 0; i < 4; ++i) text += row.text(i) + "|";
        for (std::size_t i = 4; i < 12; ++i) text += row.is_null(i) ? "|" : std::string{as_text(row.bytes(i))} + "|";
      }
    });
    return text;
  }
  /// That of another process.
  [[nodiscard]] Keys other_keys(char letter = 's') { return Keys{Secret{std::string(32, letter)}, random}; }
  std::vector<Entry> events_with(const Keys& keys) {
    return database().read([&](db::Tx& tx) { return latest(tx, keys, {}, 1000); });
  }

  AccountId bob = AccountId::make(noon, random);
  SessionId session = SessionId::make(noon, random);
  RequestId request = RequestId::make(noon, random);
};
INSTANTIATE_TEST_SUITE_P(engines, AuditErasureContract, testing_support::both_engines(), testing_support::engine_name);

TEST_P(AuditErasureContract, nothing_that_leads_to_anybody_is_stored_in_the_clear) {
  record_change();
  record({.kind = failed, .account = ann, .reason = "wrong_password"}, {.request = request, .address = "192.0.2.77"});
  record({.kind = failed, .reason = "unknown_account"}, {.request = request, .address = "192.0.2.77"});
  const auto text = stored();
  for (const std::string_view part :
       {as_text(ann.bytes()), as_text(bob.bytes()), as_text(session.bytes()), std::string_view{"2001:db8"},
        std::string_view{"192.0.2"}, std::string_view{"req_"}, std::string_view{"usr_"},
        std::string_view{"name, email"}}) {
    EXPECT_EQ(text.find(part), std::string::npos) << part;
  }
  EXPECT_NE(text.find("wrong_password"), std::string::npos);
}

TEST_P(AuditErasureContract, who_is_erased_is_a_pseudonym_and_whoever_acted_stays) {
  record_change();
  const auto before = only_event();
  EXPECT_EQ(before.account, ann);
  remove_account(database(), ann);
  const auto after = only_event();
  EXPECT_FALSE(after.account);
  EXPECT_EQ(after.account_pseudonym, before.account_pseudonym);
  EXPECT_EQ(after.subject, "");
  EXPECT_EQ(after.kind, changed.name);
  EXPECT_EQ(after.reason, "administrator");
  EXPECT_EQ(after.at, noon);
  EXPECT_EQ(after.actor, bob);
  EXPECT_EQ(after.session, session);
  EXPECT_EQ(after.address, "2001:db8::7");
  EXPECT_EQ(after.request_id, request.text());
}

TEST_P(AuditErasureContract, administrator_who_is_erased_goes_out_of_the_events_of_others) {
  record_change();
  remove_account(database(), bob);
  const auto after = only_event();
  EXPECT_EQ(after.account, ann);
  EXPECT_EQ(after.subject, "name, email");
  EXPECT_FALSE(after.actor);
  EXPECT_TRUE(after.actor_pseudonym);
  EXPECT_FALSE(after.session);
  EXPECT_EQ(after.address, "");
  EXPECT_EQ(after.request_id, "");
}

TEST_P(AuditErasureContract, event_without_a_subject_goes_with_whoever_acted) {
  record({.kind = changed, .actor = bob, .session = session, .subject = "a note"}, {.address = "2001:db8::7"});
  EXPECT_EQ(only_event().subject, "a note");
  remove_account(database(), bob);
  EXPECT_EQ(only_event().subject, "");
  EXPECT_EQ(only_event().address, "");
}

TEST_P(AuditErasureContract, chain_and_exports_are_whole_without_anybodys_key) {
  record_chain(4);
  const auto written = [&] {
    std::string text;
    EXPECT_TRUE(write_export(database(), {}, nullptr, noon, [&text](std::string_view line) {
                  text.append(line) += '\n';
                  return true;
                }).ok());
    return text;
  };
  const auto before = written();
  remove_account(database(), ann);
  EXPECT_FALSE(verify(database()));
  EXPECT_EQ(written(), before) << "an export holds what is stored, and is the same for ever";
  std::istringstream in{before};
  EXPECT_FALSE(survey_export(in, {}).broken);
  EXPECT_EQ(before.find(ann.text()), std::string::npos);
  EXPECT_EQ(before.find("192.0.2.1"), std::string::npos);
  EXPECT_EQ(before.find("req_"), std::string::npos);
}

TEST_P(AuditErasureContract, what_is_added_to_a_line_of_an_export_shows) {
  record_chain(1);
  std::string text;
  ASSERT_TRUE(write_export(database(), {}, nullptr, noon, [&text](std::string_view line) {
                text.append(line) += '\n';
                return true;
              }).ok());
  for (const std::string from : {R"("address":"")", R"("request":"")", R"("subject":"")"}) {
    auto forged = text;
    ASSERT_NE(forged.find(from), std::string::npos) << forged;
    forged.replace(forged.find(from), from.size(), from.substr(0, from.size() - 1) + "forged\"");
    std::istringstream in{forged};
    EXPECT_TRUE(survey_export(in, {}).broken) << from;
  }
}

TEST_P(AuditErasureContract, what_is_written_into_a_row_in_the_clear_is_not_shown) {
  record_change();
  database().write([&](db::Tx& tx) {
    tx.run("UPDATE audit_event SET address = '198.51.100.1', subject = 'forged', account_id = $1", bob);
  });
  EXPECT_EQ(only_event().address, "2001:db8::7");
  EXPECT_EQ(only_event().subject, "name, email");
  EXPECT_EQ(only_event().account, ann);
  remove_account(database(), ann);
  remove_account(database(), bob);
  EXPECT_EQ(only_event().address, "");
  EXPECT_FALSE(only_event().account);
}

TEST_P(AuditErasureContract, key_in_memory_opens_nothing_and_seals_for_nobody) {
  record_change();  // the keys of both are in memory now
  remove_account(database(), ann);
  record_change();
  for (const auto& each : events()) {
    EXPECT_FALSE(each.account);
    EXPECT_EQ(each.subject, "");
    EXPECT_EQ(each.actor, bob);
  }
  const auto rows = database().read([](db::Tx& tx) { return tx.one("SELECT count(*) FROM audit_key"); });
  EXPECT_EQ(rows->integer(0), 1) << "the key of an account that is gone is not made again";
}

TEST_P(AuditErasureContract, event_about_an_account_that_is_gone_says_nothing_of_it) {
  remove_account(database(), ann);
  record_change();
  EXPECT_FALSE(only_event().account_pseudonym);
  EXPECT_EQ(only_event().actor, bob);
  EXPECT_EQ(only_event().kind, changed.name);
  database().write(seal);
  EXPECT_FALSE(verify(database()));
}

TEST_P(AuditErasureContract, nobodys_events_go_with_the_key_of_their_month) {
  record({.kind = failed, .reason = "unknown_account"}, {.request = request, .address = "192.0.2.77"});
  database().write(seal);
  EXPECT_EQ(only_event().address, "192.0.2.77");
  const auto destroy_at = [&](Time now) {
    return database().write([now](db::Tx& tx) { return destroy_old_months(tx, now); });
  };
  EXPECT_EQ(destroy_at(noon + hours{24 * 90}), 0) << "the month was not over";
  EXPECT_EQ(only_event().address, "192.0.2.77");
  EXPECT_EQ(destroy_at(noon + hours{24 * (90 + 31)}), 1);
  EXPECT_EQ(only_event().address, "");
  EXPECT_EQ(only_event().request_id, "");
  EXPECT_EQ(only_event().reason, "unknown_account");
  EXPECT_FALSE(verify(database()));
}

TEST_P(AuditErasureContract, what_names_nobody_stands_in_the_clear) {
  record({.kind = Kind{"database.restored", {}}, .reason = "command", .subject = "backup.db"});
  EXPECT_NE(stored().find("backup.db"), std::string::npos);
  EXPECT_EQ(only_event().subject, "backup.db");
  database().write(seal);
  EXPECT_FALSE(verify(database()));
  database().write([](db::Tx& tx) { tx.run("UPDATE audit_event SET subject = 'other.db'"); });
  EXPECT_TRUE(verify(database()));
}

TEST_P(AuditErasureContract, sealed_text_opens_with_its_own_secret_and_in_its_own_event_alone) {
  record_change();
  record({.kind = changed, .account = ann, .actor = bob, .subject = "another"}, {.address = "192.0.2.9"});
  const auto strange = events_with(other_keys('x'));
  ASSERT_EQ(strange.size(), 2U);
  for (const auto& each : strange) EXPECT_EQ(each.subject + each.address, "");
  for (const auto& each : events_with(other_keys())) EXPECT_NE(each.subject, "");
  database().write([](db::Tx& tx) {
    tx.run("UPDATE audit_event SET account_sealed = (SELECT account_sealed FROM audit_event ORDER BY id LIMIT 1)");
  });
  int opened = 0;
  for (const auto& each : events()) opened += each.subject.empty() ? 0 : 1;
  EXPECT_EQ(opened, 1);
}

TEST_P(AuditErasureContract, are_found_by_address_and_by_pseudonym) {
  record_change();
  for (int i = 0; i < 1100; ++i) {  // more than are opened at a time
    if (i % 100 == 0) record({.kind = changed, .account = ann}, {.address = "192.0.2.9"}, noon + hours{1});
    record({.kind = changed, .account = ann, .actor = ann}, {.address = "192.0.2.10"}, noon + hours{1});
  }
  const auto find = [&](const Wanted& wanted, std::int64_t limit) {
    return database().read([&](db::Tx& tx) { return latest(tx, trail.keys(), wanted, limit); });
  };
  EXPECT_EQ(find({.address = "2001:db8::7"}, 10).size(), 1U) << "the oldest of all";
  EXPECT_EQ(find({.address = "192.0.2.9"}, 100).size(), 11U);
  EXPECT_EQ(find({.address = "192.0.2.9"}, 3).size(), 3U);
  EXPECT_TRUE(find({.address = "192.0.2.11"}, 10).empty());
  EXPECT_EQ(find({.account = bob}, 10).size(), 1U);
  const auto pseudonym = find({.account = bob}, 1).at(0).actor_pseudonym;
  remove_account(database(), bob);
  EXPECT_TRUE(find({.account = bob}, 10).empty());
  EXPECT_EQ(find({.pseudonym = pseudonym}, 10).size(), 1U);
}

TEST_P(AuditErasureContract, key_that_was_rolled_back_seals_nothing_later) {
  (void)database().write([&](db::Tx& tx) -> Result<Done> {
    trail.record(tx, {.now = noon}, {.kind = changed, .account = ann, .subject = "first"});
    return not_found;
  });
  record({.kind = changed, .account = ann, .subject = "second"});
  EXPECT_EQ(only_event().account, ann);
  EXPECT_EQ(only_event().subject, "second");
}

TEST_P(AuditErasureContract, without_the_secret_pseudonyms_are_stored_and_no_more) {
  const Trail bare{log, random, Secret{}};
  database().write([&](db::Tx& tx) {
    bare.record(tx, {.now = noon, .origin = {.address = "192.0.2.9"}},
                {.kind = changed, .account = ann, .subject = "first"});
  });
  record({.kind = changed, .account = ann, .subject = "second"}, {}, noon + hours{1});
  const auto all = events();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].account, ann);
  EXPECT_EQ(all[0].subject + all[0].address, "");
  EXPECT_EQ(all[1].subject, "second") << "the key was made by whoever knew the secret";
  EXPECT_EQ(all[0].account_pseudonym, all[1].account_pseudonym);
}

TEST_P(AuditErasureContract, accounts_from_before_there_were_keys_are_given_one) {
  EXPECT_EQ(database().write([&](db::Tx& tx) { return give_keys(tx, trail.keys(), 1, noon); }), 1);
  EXPECT_EQ(database().write([&](db::Tx& tx) { return give_keys(tx, trail.keys(), 10, noon); }), 1);
  EXPECT_EQ(database().write([&](db::Tx& tx) { return give_keys(tx, trail.keys(), 10, noon); }), 0);
  record_change();
  EXPECT_EQ(only_event().subject, "name, email");
}

TEST_P(AuditErasureContract, repeats_are_counted_under_a_secret) {
  record({.kind = failed, .account = ann}, {.address = "192.0.2.9"});
  const Trail other{log, random, Secret{std::string(32, 'x')}};
  database().write([&](db::Tx& tx) {
    other.record(tx, {.now = noon, .origin = {.address = "192.0.2.9"}}, {.kind = failed, .account = ann});
  });
  EXPECT_EQ(count_events(), 2) << "what they are counted by cannot be made without it";
}

TEST_P(AuditErasureContract, of_a_trail_that_was_moved_to_the_other_engine_is_the_same) {
  record_change();
  record({.kind = failed, .reason = "unknown_account"}, {.address = "192.0.2.77"});
  database().write(seal);
  const testing_support::FreshDatabase fresh{is_sqlite() ? "postgres" : "sqlite", testing_support::Schema::migrated};
  const auto other = db::open(fresh.url(), {});
  for (const auto& table :
       database().read([&](db::Tx& tx) { return db::list_tables(tx, is_sqlite() ? "sqlite" : "postgres"); })) {
    if (table.name != "account" && !table.name.starts_with("audit_")) continue;
    std::vector<db::Values> rows;
    database().read([&](db::Tx& tx) {
      db::each_row(tx, table, [&rows](db::Values values) {
        rows.push_back(std::move(values));
        return db::Next::go_on;
      });
    });
    other->write([&](db::Tx& tx) { db::insert_rows(tx, table, rows); });
  }
  const auto there = [&] { return other->read([&](db::Tx& tx) { return latest(tx, trail.keys(), {}, 10); }); };
  ASSERT_EQ(there().size(), 2U);
  EXPECT_EQ(there()[0].subject + there()[1].subject, "name, email");
  EXPECT_FALSE(verify(*other));
  remove_account(*other, ann);
  remove_account(*other, bob);
  EXPECT_EQ(there()[0].subject + there()[1].subject, "");
  EXPECT_FALSE(verify(*other));
}

TEST_P(AuditErasureContract, processes_that_need_a_key_at_once_end_with_the_same) {
  for (int round = 0; round < 8; ++round) {
    const auto cleo = AccountId::make(noon, random);
    add_account(database(), cleo);
    std::vector<std::unique_ptr<db::Database>> databases;
    std::vector<std::unique_ptr<testing_support::SeededRandom>> randoms;
    std::vector<std::unique_ptr<Trail>> trails;
    for (int i = 0; i < 4; ++i) {
      databases.push_back(reopen());
      randoms.push_back(
          std::make_unique<testing_support::SeededRandom>(static_cast<std::uint64_t>(5000 + 100 * round + i)));
      trails.push_back(std::make_unique<Trail>(log, *randoms.back(), Secret{std::string(32, 's')}));
    }
    testing_support::race(4, [&](int i) {
      const auto at = static_cast<std::size_t>(i);
      const auto write = [&](db::Tx& tx) {
        trails[at]->record(tx, {.now = noon}, {.kind = changed, .account = cleo, .subject = "x"});
      };
      for (int n = 0; n < 3; ++n) i % 2 == 0 ? databases[at]->write(write) : databases[at]->write_locking(write);
    });
    const auto found = database().read([&](db::Tx& tx) { return latest(tx, trail.keys(), {.account = cleo}, 100); });
    EXPECT_EQ(found.size(), 12U);
    for (const auto& each : found) EXPECT_EQ(each.subject, "x");
  }
}

TEST_P(AuditErasureContract, erasure_beside_its_events_leaves_none_that_can_be_read) {
  for (int round = 0; round < 8; ++round) {
    const auto cleo = AccountId::make(noon, random);
    add_account(database(), cleo);
    if (round % 2 == 0) record({.kind = changed, .account = cleo});  // else its key is made meanwhile
    testing_support::race(3, [&](int i) {
      if (i == 0) {
        remove_account(database(), cleo);
        return;
      }
      testing_support::SeededRandom own{static_cast<std::uint64_t>(1000 + 10 * round + i)};
      const Trail here{log, own, Secret{std::string(32, 's')}};
      for (int n = 0; n < 10; ++n) {
        database().write_locking([&](db::Tx& tx) {
          here.record(tx, {.now = noon, .origin = {.address = "203.0.113.5"}},
                      {.kind = changed, .account = cleo, .subject = "x"});
        });
      }
    });
  }
  database().write(seal);
  EXPECT_FALSE(verify(database()));
  for (const auto& each : events()) EXPECT_EQ(each.subject + each.address, "");
  EXPECT_EQ(database().read([](db::Tx& tx) { return tx.one("SELECT count(*) FROM audit_key")->integer(0); }), 0);
}

}  // namespace
}  // namespace cardea::audit
