// Events of an earlier version, which say in the clear who and where: they stay as they are, and the chain goes on.
#include "tests/contract/audit_fixture.hpp"

namespace cardea::audit {
namespace {

class AuditOlderContract : public OnTrail {
 protected:
  AuditOlderContract() { add_account(database(), bob); }

  void record_older_chain(int count) {
    for (int i = 0; i < count; ++i) {
      record_older(database(), {.id = EventId::make(noon + std::chrono::seconds{i}, random),
                                .at = noon + std::chrono::seconds{i},
                                .kind = "note.created",
                                .account = ann,
                                .actor = ann,
                                .session = session,
                                .reason = "x",
                                .subject = "note",
                                .address = "192.0.2.1",
                                .request_id = "req"});
    }
    database().write(seal);
  }

  AccountId bob = AccountId::make(noon, random);
  SessionId session = SessionId::make(noon, random);
};
INSTANTIATE_TEST_SUITE_P(engines, AuditOlderContract, testing_support::both_engines(), testing_support::engine_name);

TEST_P(AuditOlderContract, chain_goes_on_from_them) {
  record_older_chain(3);
  record_chain(3, noon + std::chrono::seconds{10});
  EXPECT_FALSE(verify(database()));
  EXPECT_EQ(survey(database(), noon).sealed, 6);
  const auto all = events();
  ASSERT_EQ(all.size(), 6U);
  for (const auto& each : all) {
    EXPECT_EQ(each.account, ann);
    EXPECT_EQ(each.address, "192.0.2.1");
  }
}

TEST_P(AuditOlderContract, both_are_found_by_account_and_in_order) {
  record_older_chain(3);
  record_chain(3, noon + std::chrono::seconds{10});
  const auto page = [&](const std::optional<EventId>& before, std::int64_t limit) {
    return database().read([&](db::Tx& tx) { return about(tx, trail.keys(), ann, before, noon, limit); });
  };
  const auto first = page({}, 4);
  ASSERT_EQ(first.size(), 4U);
  EXPECT_TRUE(first.at(2).account_sealed);
  EXPECT_FALSE(first.at(3).account_sealed) << "the latest of the older ones";
  const auto second = page(first.back().id, 4);
  ASSERT_EQ(second.size(), 2U);
  EXPECT_LT(second.front().id, first.back().id);
  EXPECT_TRUE(page(second.back().id, 4).empty());
  EXPECT_EQ(database().read([&](db::Tx& tx) { return latest(tx, trail.keys(), {.account = ann}, 10); }).size(), 6U);
  EXPECT_TRUE(database().read([&](db::Tx& tx) { return latest(tx, trail.keys(), {.account = bob}, 10); }).empty());
}

TEST_P(AuditOlderContract, changing_any_column_of_an_older_event_shows) {
  record_older_chain(3);
  const auto breaks_at_2 = [&](auto change) {
    database().write(change);
    const auto broken = verify(database());
    ASSERT_TRUE(broken);
    EXPECT_EQ(broken->number, 2);
  };
  const auto old = database().read([](db::Tx& tx) {
    return tx
        .one(
            "SELECT at, kind, account_id, actor_id, session_id, reason, subject, address, request_id, hash, id "
            "FROM audit_event WHERE number = 2")
        .value();
  });
  const auto restore = [&] {
    database().write([&](db::Tx& tx) {
      tx.run(
          "UPDATE audit_event SET at = $1, kind = $2, account_id = $3, actor_id = $4, session_id = $5, reason = $6, "
          "subject = $7, address = $8, request_id = $9, hash = $10, id = $11 WHERE number = 2",
          old.integer(0), old.text(1), old.bytes(2), old.bytes(3), old.bytes(4), old.text(5), old.text(6), old.text(7),
          old.text(8), old.bytes(9), old.bytes(10));
    });
    ASSERT_FALSE(verify(database()));
  };
  breaks_at_2([](db::Tx& tx) { tx.run("UPDATE audit_event SET at = at + 1 WHERE number = 2"); });
  restore();
  breaks_at_2([](db::Tx& tx) { tx.run("UPDATE audit_event SET kind = 'k' WHERE number = 2"); });
  restore();
  breaks_at_2([&](db::Tx& tx) { tx.run("UPDATE audit_event SET account_id = $1 WHERE number = 2", bob); });
  restore();
  breaks_at_2([](db::Tx& tx) { tx.run("UPDATE audit_event SET account_id = NULL WHERE number = 2"); });
  restore();
  breaks_at_2([&](db::Tx& tx) { tx.run("UPDATE audit_event SET actor_id = $1 WHERE number = 2", bob); });
  restore();
  breaks_at_2([](db::Tx& tx) { tx.run("UPDATE audit_event SET session_id = NULL WHERE number = 2"); });
  restore();
  breaks_at_2([](db::Tx& tx) { tx.run("UPDATE audit_event SET reason = '' WHERE number = 2"); });
  restore();
  breaks_at_2([](db::Tx& tx) { tx.run("UPDATE audit_event SET subject = 'y' WHERE number = 2"); });
  restore();
  breaks_at_2([](db::Tx& tx) { tx.run("UPDATE audit_event SET address = '' WHERE number = 2"); });
  restore();
  breaks_at_2([](db::Tx& tx) { tx.run("UPDATE audit_event SET request_id = '' WHERE number = 2"); });
  restore();
  breaks_at_2([&](db::Tx& tx) { tx.run("UPDATE audit_event SET id = $1 WHERE number = 2", bob); });
  restore();
  breaks_at_2([&](db::Tx& tx) { tx.run("UPDATE audit_event SET hash = $1 WHERE number = 2", Bytes(32, 0)); });
  restore();
  breaks_at_2([](db::Tx& tx) { tx.run("UPDATE audit_event SET hash = NULL WHERE number = 2"); });
  restore();
  // Text moved over a border between columns is a different event.
  breaks_at_2(
      [](db::Tx& tx) { tx.run("UPDATE audit_event SET reason = reason || subject, subject = '' WHERE number = 2"); });
}

}  // namespace
}  // namespace cardea::audit
