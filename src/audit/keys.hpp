#pragma once
// What is sealed in an event, and with which key: one for each account, which goes with it, and one for each month for
// events about nobody. A key is gone for good with its row, and what it sealed cannot be read any more.
//
// Owns: audit_key, audit_month_key. Never: opens anything with a key from memory, so that nothing of an account can be
// read once its row is gone; lets a key leave the process.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "db/database.hpp"
#include "jobs/periodic.hpp"

namespace cardea::audit {

struct PseudonymTag {
  static constexpr std::string_view prefix = "psn_";
};
/// An account as the trail names it: random, and forgotten with the account.
using Pseudonym = Id<PseudonymTag>;

/// A row of audit_key.
struct StoredKey {
  AccountId account;
  Pseudonym pseudonym;
  Bytes key_sealed;  // empty: made by a command that knew no secret, until somebody who does needs it
};

/// A key that events are sealed with, and the name that they bear.
struct AccountKey {
  Pseudonym pseudonym;
  Secret key;  // empty: there is no secret to open it with; then what it would seal is left out
};

/// Events about nobody can be read this long after their month.
inline constexpr Duration months_are_kept = std::chrono::hours{24 * 90};

class Keys {
 public:
  /// `secret`: 32 bytes derived from the server's secret for this purpose. Empty, where a command was given none:
  /// nothing is opened, and what would be sealed is left out.
  Keys(Secret secret, Random& random);
  ~Keys();
  Keys(Keys&&) noexcept;
  Keys& operator=(Keys&&) noexcept;

  /// The key of an account, made when it has none yet; absent when there is no such account. From memory if it is
  /// there, for what is sealed with a key that is gone meanwhile is as good as gone.
  [[nodiscard]] std::optional<AccountKey> of_account(db::Tx& tx, const AccountId& account, Time now) const;
  /// The key of the month of that instant, made when there is none; empty without a secret.
  [[nodiscard]] Secret of_month(db::Tx& tx, Time at) const;

  /// A row that was read with others, so that it is not asked for again.
  void learn(const StoredKey& row, Time now) const;
  /// Forgets keys of accounts that changed. The bus outlives this.
  void follow(db::Bus& bus, db::Topic changed);
  /// Makes the key of this month and of the next, and keeps them at hand: a sign-in at a name that nobody has must
  /// send no other statements than one at another. Throws when a key that is there does not open, which means that the
  /// server's secret is another one: what would be sealed was lost.
  void prepare(db::Database& database, Time now) const;

  /// Absent without the secret, or when the row was changed.
  [[nodiscard]] std::optional<Secret> open(const StoredKey& row) const;
  /// The keys of the months that are still there, by month_of.
  [[nodiscard]] std::map<std::int64_t, Secret> months(db::Tx& tx) const;

  /// Names what events have in common that are counted together: a MAC, for a digest of an address can be guessed.
  [[nodiscard]] Bytes mac(BytesView data) const;
  [[nodiscard]] Random& random() const;

  /// One that is this process's own prepares; one gives accounts a key that were made before there were any; one
  /// destroys the keys of old months.
  [[nodiscard]] std::vector<jobs::Periodic> jobs(db::Database& database) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Months since January 1970, in UTC.
[[nodiscard]] std::int64_t month_of(Time at);

/// Destroys the keys of months that have been over for `months_are_kept`; returns how many.
std::int64_t destroy_old_months(db::Tx& tx, Time now);
/// Gives at most `limit` accounts a key that have none; returns how many.
std::int64_t give_keys(db::Tx& tx, const Keys& keys, std::int64_t limit, Time now);

}  // namespace cardea::audit
