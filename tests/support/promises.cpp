#include "tests/support/promises.hpp"

#include <gtest/gtest.h>

#include "encoding/base64.hpp"

namespace cardea::testing_support {
namespace {

int status_of(Visitor& visitor, const std::string& path, const std::string& credential) {
  const auto answer = visitor.ask("GET", path, {}, credential);
  return answer ? answer->status : 0;
}

void expect_accounts(Visitor& visitor, const Ledger& ledger) {
  for (const auto& uid : ledger.uids) {
    const auto in = visitor.sign_in(uid);
    ASSERT_TRUE(in);
    EXPECT_EQ(in->status, 200) << uid << " was told that it has an account: " << in->body;
    EXPECT_NE(in->body.find("tracked " + uid), std::string::npos) << "its profile is not whole";
  }
  for (const auto& session : ledger.live) {
    EXPECT_EQ(status_of(visitor, "/v1/session", "Cookie: " + session.cookie), 200) << session.id;
  }
}

void expect_notes(Visitor& visitor, const Ledger& ledger) {
  const auto pixel = encoding::parse_base64(one_pixel);
  ASSERT_TRUE(pixel);
  for (const auto& note : ledger.notes) {
    const auto answer = visitor.ask("GET", "/v1/me/notes/" + note.id, {}, "Cookie: " + note.cookie);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200) << note.id;
    EXPECT_NE(answer->body.find(note.text), std::string::npos) << note.id << " is not whole";
    if (!note.has_image) continue;
    const auto image = visitor.ask("GET", "/v1/me/notes/" + note.id + "/image", {}, "Cookie: " + note.cookie);
    ASSERT_TRUE(image);
    EXPECT_EQ(image->status, 200);
    EXPECT_EQ(image->body, as_text(*pixel));
  }
}

void expect_revocations(Visitor& visitor, const Ledger& ledger) {
  for (const auto& session : ledger.ended) {
    EXPECT_EQ(status_of(visitor, "/v1/session", "Cookie: " + session.cookie), 401) << session.id << " lives again";
    EXPECT_EQ(status_of(visitor, "/v1/session", "Authorization: Bearer " + session.token), 401) << session.id;
  }
}

/// A sign-up that was never answered happened wholly or not at all: the id is free, or its owner gets in.
void expect_no_half_accounts(Visitor& visitor, const Ledger& ledger) {
  for (const auto& uid : ledger.open_questions) {
    const auto again = visitor.sign_up(uid);
    ASSERT_TRUE(again);
    if (again->status == 201) continue;
    EXPECT_EQ(again->status, 422) << again->body;
    const auto in = visitor.sign_in(uid);
    ASSERT_TRUE(in);
    EXPECT_EQ(in->status, 200) << uid << " can neither sign up nor sign in";
  }
}

}  // namespace

void expect_kept(std::uint16_t port, const Ledger& ledger) {
  Visitor visitor{port};
  expect_accounts(visitor, ledger);
  expect_notes(visitor, ledger);
  expect_revocations(visitor, ledger);
  expect_no_half_accounts(visitor, ledger);
}

void expect_whole(db::Database& database) {
  database.read([&](db::Tx& tx) {
    if (database.engine() == "sqlite") {
      EXPECT_EQ(tx.one("PRAGMA integrity_check")->text(0), "ok");
      EXPECT_TRUE(tx.all("PRAGMA foreign_key_check").empty());
    }
    const auto count = [](const std::optional<db::Row>& row) { return row->integer(0); };
    EXPECT_EQ(count(tx.one("SELECT count(*) FROM account a WHERE NOT EXISTS "
                           "(SELECT 1 FROM password p WHERE p.account_id = a.id)")),
              0)
        << "accounts without a password";
    EXPECT_EQ(count(tx.one("SELECT count(*) FROM account a WHERE NOT EXISTS "
                           "(SELECT 1 FROM ranking r WHERE r.account_id = a.id AND r.field = 'coins' "
                           "AND r.profile = a.profile)")),
              0)
        << "accounts that are not ranked as they are";
    EXPECT_EQ(count(tx.one("SELECT count(*) FROM note n WHERE NOT EXISTS "
                           "(SELECT 1 FROM account a WHERE a.id = n.account_id)")),
              0)
        << "notes without an owner";
    EXPECT_EQ(count(tx.one("SELECT count(*) FROM note WHERE (image IS NULL) <> (image_type IS NULL)")), 0);
    EXPECT_EQ(count(tx.one("SELECT count(*) FROM account a WHERE NOT EXISTS (SELECT 1 FROM audit_event e "
                           "JOIN audit_key k ON k.pseudonym = e.account_pseudonym "
                           "WHERE k.account_id = a.id AND e.kind = 'signup.completed')")),
              0)
        << "sign-ups that are not in the audit trail";
    EXPECT_EQ(count(tx.one("SELECT count(*) FROM audit_event e WHERE e.kind = 'signup.completed' AND NOT EXISTS "
                           "(SELECT 1 FROM audit_key k WHERE k.pseudonym = e.account_pseudonym)")),
              0)
        << "sign-ups in the audit trail that never came to be";
  });
}

}  // namespace cardea::testing_support
