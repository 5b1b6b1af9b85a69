#include "encoding/unicode.hpp"
#include "identity/identity.hpp"
#include "identity/ranking.hpp"
#include "identity/taken.hpp"

namespace cardea::identity {
namespace {

/// One that was blocked stays so: its owner does not get as far as keeping it.
Status status_of(std::string_view stored, const std::optional<Time>& erase_at) {
  if (stored != to_text(Status::active)) return Status::disabled;
  return erase_at ? Status::pending_deletion : Status::active;
}

}  // namespace

Account to_account(const db::Row& row) {
  return {.id = row.id<AccountId>(0),
          .uid = row.maybe_text(1),
          .name = row.text(2),
          .email = row.maybe_text(3),
          .status = status_of(row.text(4), row.maybe_time(12)),
          .role = parse_enum<Role>(row.text(5)).value(),
          .created_at = row.time(6),
          .updated_at = row.time(7),
          .profile = from_stored_text(row.text(8)),
          .pending_email = row.maybe_text(9),
          .email_verified_at = row.maybe_time(10),
          .language = row.maybe_text(11).value_or(""),
          .erase_at = row.maybe_time(12)};
}

namespace {

std::optional<Account> account_in(const std::optional<db::Row>& row) {
  return row ? std::optional{to_account(*row)} : std::nullopt;
}

std::optional<std::string> email_key_of(const std::optional<std::string>& email) {
  return email ? std::optional{unicode::email_key(*email)} : std::nullopt;
}

bool email_is_taken(db::Tx& tx, const std::optional<std::string>& key, const AccountId& except) {
  return key && tx.one("SELECT 1 FROM account WHERE email_key = $1 AND id <> $2", *key, except).has_value();
}

/// One that counts at once, or none; whatever waited was about the one before.
void replace_address(Account& account, const std::optional<std::string>& email) {
  if (email != account.email) account.email_verified_at.reset();
  account.email = email;
  account.pending_email.reset();
}

/// The address that counts already needs nobody's confirmation; asking for it takes a wish for another one back.
void set_pending(Account& account, const std::string& address) {
  const bool is_own = account.email && unicode::email_key(*account.email) == unicode::email_key(address);
  account.pending_email = is_own ? std::nullopt : std::optional{address};
}

}  // namespace

Result<Account> create(db::Tx& tx, const Draft& draft, Time now, Random& random) {
  const auto id = AccountId::make(now, random);
  const auto uid_key = draft.uid ? std::optional{unicode::user_id_key(*draft.uid)} : std::nullopt;
  const auto skeleton = draft.uid ? std::optional{unicode::confusable_skeleton(*draft.uid)} : std::nullopt;
  const auto email_key = email_key_of(draft.email);
  // Asked before the insert, which would tell as well: only then does PostgreSQL take a change of address to the same
  // one at the same time for a conflict, to be run again, and not for a broken constraint.
  const bool address_is_taken = email_is_taken(tx, email_key, id);
  const auto made = tx.one(
      "INSERT INTO account (id, uid, uid_key, uid_look_alike, name, email, email_key, status, role, created_at, "
      "updated_at, profile, email_pending, email_pending_key) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, 'active', 'user', $8, $8, $9, $10, $11) "
      "ON CONFLICT DO NOTHING RETURNING id",
      id, draft.uid, uid_key, skeleton, draft.name, draft.email, email_key, now, stored_text(draft.profile),
      draft.pending_email, email_key_of(draft.pending_email));
  if (!made) {
    std::vector<FieldError> problems;
    if (address_is_taken) problems.push_back(email_taken);
    if (problems.empty() ||
        tx.one("SELECT 1 FROM account WHERE uid_key = $1 OR uid_look_alike = $2 LIMIT 1", uid_key, skeleton)) {
      problems.insert(problems.begin(), uid_taken);
    }
    return Error{validation_failed, std::move(problems)};
  }
  Account account{.id = id,
                  .uid = draft.uid,
                  .name = draft.name,
                  .email = draft.email,
                  .created_at = now,
                  .updated_at = now,
                  .profile = draft.profile,
                  .pending_email = draft.pending_email};
  rank_new(tx, account);
  return account;
}

std::optional<Account> find(db::Tx& tx, const AccountId& id) {
  return account_in(
      tx.one("SELECT id, uid, name, email, status, role, created_at, updated_at, profile, email_pending, "
             "email_verified_at, language, erase_at FROM account WHERE id = $1",
             id));
}

std::optional<Account> hold(db::Tx& tx, const AccountId& id) {
  if (tx.writes_alone()) return find(tx, id);
  // Changed to what it is, and not only locked: a serializable transaction that began before this one is committed
  // would not notice that the row was locked meanwhile, and would miss the session that a sign-in opened.
  return account_in(
      tx.one("UPDATE account SET updated_at = updated_at WHERE id = $1 "
             "RETURNING id, uid, name, email, status, role, created_at, updated_at, profile, email_pending, "
             "email_verified_at, language, erase_at",
             id));
}

std::optional<Account> find_by_identifier(db::Tx& tx, std::string_view identifier) {
  // A text that can be nobody's is asked for like any other, under a key that no row has.
  const std::string key = identifier_key(identifier);
  if (key.find('@') != std::string::npos) {
    return account_in(
        tx.one("SELECT id, uid, name, email, status, role, created_at, updated_at, profile, email_pending, "
               "email_verified_at, language, erase_at FROM account WHERE email_key = $1",
               key));
  }
  return account_in(
      tx.one("SELECT id, uid, name, email, status, role, created_at, updated_at, profile, email_pending, "
             "email_verified_at, language, erase_at FROM account WHERE uid_key = $1",
             key));
}

Result<Account> update(db::Tx& tx, const AccountId& id, const Change& change, Time now) {
  auto account = find(tx, id);
  if (!account) return not_found;
  const auto address_before = account->email;
  account->updated_at = now;
  if (change.name) account->name = *change.name;
  if (change.email) replace_address(*account, *change.email);
  if (change.pending_email) set_pending(*account, *change.pending_email);
  for (const auto& [field, value] : change.profile) {
    if (value) {
      account->profile.insert_or_assign(field, *value);
    } else {
      account->profile.erase(field);
    }
  }
  // Asked inside the serializable transaction, so the answer still holds at the commit.
  const auto key = email_key_of(account->email);
  if (change.email && email_is_taken(tx, key, id)) return Error{validation_failed, std::vector{email_taken}};
  tx.run(
      "UPDATE account SET name = $2, email = $3, email_key = $4, profile = $5, updated_at = $6, email_pending = $7, "
      "email_pending_key = $8, email_verified_at = $9, standing = standing + $10 WHERE id = $1",
      id, account->name, account->email, key, stored_text(account->profile), now, account->pending_email,
      email_key_of(account->pending_email), account->email_verified_at, account->email == address_before ? 0 : 1);
  rank_again(tx, *account);
  tx.announce(changed_topic, id);
  return std::move(*account);
}

Result<Done> set_status(db::Tx& tx, const AccountId& id, Status status, Time now) {
  if (tx.run("UPDATE account SET status = $2, updated_at = $3, standing = standing + 1 WHERE id = $1", id,
             to_text(status), now) == 0) {
    return not_found;
  }
  rank_again(tx, *find(tx, id));
  tx.announce(changed_topic, id);
  return done;
}

std::int64_t standing(db::Tx& tx, const AccountId& id) {
  const auto row = tx.one("SELECT standing FROM account WHERE id = $1", id);
  return row ? row->integer(0) : 0;
}

Result<Done> set_role(db::Tx& tx, const AccountId& id, Role role, Time now) {
  if (tx.run("UPDATE account SET role = $2, updated_at = $3 WHERE id = $1", id, enum_text(role), now) == 0) {
    return not_found;
  }
  tx.announce(changed_topic, id);
  return done;
}

bool remove(db::Tx& tx, const AccountId& id) {
  tx.announce(changed_topic, id);
  return tx.run("DELETE FROM account WHERE id = $1", id) > 0;
}

}  // namespace cardea::identity
