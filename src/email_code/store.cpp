#include "email_code/store.hpp"

#include <algorithm>
#include <stdexcept>

#include "email_code/email_code.hpp"

namespace cardea::email_code {

std::optional<Time> enrolled_at(db::Tx& tx, const AccountId& account) {
  const auto row = tx.one("SELECT enrolled_at FROM email_code_factor WHERE account_id = $1", account);
  return row ? std::optional{row->time(0)} : std::nullopt;
}

db::Condition has_factor(const AccountId& account) {
  return db::Condition{"EXISTS (SELECT 1 FROM email_code_factor WHERE account_id = $?)", account}.and_also(
      identity::has_confirmed_address(account));
}

void enrol(db::Tx& tx, const AccountId& account, Time now) {
  tx.run(
      "INSERT INTO email_code_factor (account_id, enrolled_at) VALUES ($1, $2) "
      "ON CONFLICT (account_id) DO UPDATE SET enrolled_at = excluded.enrolled_at",
      account, now);
}

void remove(db::Tx& tx, const AccountId& account) {
  tx.run("DELETE FROM email_code_factor WHERE account_id = $1", account);
}

void begin_signin(db::Tx& tx, const crypto::Digest& browser, const crypto::Digest& address, Time expires_at) {
  tx.run("INSERT INTO email_code_signin (browser_hash, address_hash, expires_at) VALUES ($1, $2, $3)", browser, address,
         expires_at);
}

bool fill_signin(db::Tx& tx, const crypto::Digest& browser, const AccountId& account,
                 const challenge::ChallengeId& challenge) {
  return tx.run("UPDATE email_code_signin SET account_id = $2, challenge_id = $3 WHERE browser_hash = $1", browser,
                account, challenge) > 0;
}

std::optional<crypto::Digest> address_of_signin(db::Database& database, const crypto::Digest& browser, Time now) {
  const auto row = database.read_one(
      "SELECT address_hash FROM email_code_signin WHERE browser_hash = $1 AND expires_at > $2 AND expires_at <= $3",
      browser, now, now + code_lifetime);
  if (!row) return std::nullopt;
  crypto::Digest address{};
  const auto& stored = row->bytes(0);
  if (stored.size() != address.size()) throw std::runtime_error{"a stored hash is damaged"};
  std::copy(stored.begin(), stored.end(), address.begin());
  return address;
}

std::optional<Sent> sent_for_signin(db::Database& database, const crypto::Digest& browser, Time now) {
  const auto row = database.read_one(
      "SELECT account_id, challenge_id FROM email_code_signin "
      "WHERE browser_hash = $1 AND expires_at > $2 AND account_id IS NOT NULL AND challenge_id IS NOT NULL",
      browser, now);
  if (!row) return std::nullopt;
  return Sent{.account = row->id<AccountId>(0), .challenge = row->id<challenge::ChallengeId>(1)};
}

void end_signin(db::Tx& tx, const crypto::Digest& browser) {
  tx.run("DELETE FROM email_code_signin WHERE browser_hash = $1", browser);
}

jobs::Periodic sweep_job(db::Database& database) {
  return {.name = "email_code.sweep",
          .every = std::chrono::minutes{10},
          .work = [&database](Time now) -> Result<Done> {
            jobs::in_batches(database, [&](db::Tx& tx) {
              return tx.run(
                  "DELETE FROM email_code_signin WHERE browser_hash IN (SELECT browser_hash FROM email_code_signin "
                  "WHERE expires_at <= $1 OR expires_at > $2 LIMIT $3)",
                  now, now + code_lifetime, jobs::batch_size);
            });
            return done;
          },
          .removes_by_age = true};
}

}  // namespace cardea::email_code
