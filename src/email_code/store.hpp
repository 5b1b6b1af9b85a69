#pragma once
// The SQL of email_code. Internal to it.

#include <optional>

#include "challenge/challenge.hpp"
#include "crypto/hash.hpp"
#include "db/database.hpp"
#include "jobs/periodic.hpp"

namespace cardea::email_code {

[[nodiscard]] std::optional<Time> enrolled_at(db::Tx& tx, const AccountId& account);
/// That the factor is enrolled and there is an address to send to.
[[nodiscard]] db::Condition has_factor(const AccountId& account);
void enrol(db::Tx& tx, const AccountId& account, Time now);
void remove(db::Tx& tx, const AccountId& account);

/// A browser that waits for a code to sign in by, whoever it is sent to.
void begin_signin(db::Tx& tx, const crypto::Digest& browser, const crypto::Digest& address, Time expires_at);
/// A code was sent to this account; false when the browser waits no longer.
bool fill_signin(db::Tx& tx, const crypto::Digest& browser, const AccountId& account,
                 const challenge::ChallengeId& challenge);
/// The hash of the address that was typed there.
[[nodiscard]] std::optional<crypto::Digest> address_of_signin(db::Database& database, const crypto::Digest& browser,
                                                              Time now);
struct Sent {
  AccountId account;
  challenge::ChallengeId challenge;
};
/// What was sent; absent when nothing was, or has not been yet.
[[nodiscard]] std::optional<Sent> sent_for_signin(db::Database& database, const crypto::Digest& browser, Time now);
void end_signin(db::Tx& tx, const crypto::Digest& browser);

[[nodiscard]] jobs::Periodic sweep_job(db::Database& database);

}  // namespace cardea::email_code
