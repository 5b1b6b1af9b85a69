#pragma once
// audit: what happened, to whom, from where. Append-only and hash-chained.
//
// Owns: audit_event, audit_checkpoint; audit_key, audit_month_key (audit/keys.hpp). Never: changes an event that is in
// the chain, or deletes one but those that audit/retention.hpp removes up to a signed checkpoint; stores of anybody who
// they are or where they were but under a key that goes with their account.
// Events are written in the transaction of the change they record, so neither exists without the other; a job seals
// them into the chain within ten seconds, so that concurrent transactions do not queue behind one another. Repeated
// failures are counted in the row of the first, which is sealed when a minute is over.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/keys.hpp"
#include "base/bytes.hpp"
#include "base/enum_text.hpp"
#include "base/id.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/ed25519.hpp"
#include "db/database.hpp"
#include "jobs/periodic.hpp"
#include "observe/log.hpp"
#include "principal/context.hpp"

namespace cardea::audit {

/// What becomes of an event that says the same of the same network as one less than a minute before it.
enum class Repeats {
  kept,  // it is an event of its own
  counted  // it raises the count of that one: for failures, which a stranger can cause in any number
};

/// What the owner of an account is told at once when it happens, by whoever listens to the trail.
enum class Concern {
  none,
  new_browser,  // somebody signed in where nobody did before
  credential,  // a way in was added, changed or taken away
  address,  // where the owner is written to changed
  recovery_code,  // one of a few was used up
};
constexpr auto enum_texts(Concern) {
  return std::to_array<EnumText<Concern>>({{Concern::none, "none"},
                                           {Concern::new_browser, "new_browser"},
                                           {Concern::credential, "credential"},
                                           {Concern::address, "address"},
                                           {Concern::recovery_code, "recovery_code"}});
}

/// A kind of event, declared by the feature that records it.
struct Kind {
  std::string_view name;  // "signin.failed": dotted, past tense, stable
  std::string_view doc;  // one sentence for the catalogue
  Repeats repeats = Repeats::kept;
  Concern concern = Concern::none;
};

/// What to record. Views are read during the call only.
struct Event {
  Kind kind;
  std::optional<AccountId> account = {};  // whom it is about
  std::optional<AccountId> actor = {};  // who did it; absent: the context's principal, if there is one
  std::optional<SessionId> session = {};  // absent: the principal's
  std::string_view reason = {};  // stable code, "wrong_password"
  std::string_view subject = {};  // what else it names: a session or note id, a field list
  std::string_view address_before = {};  // confirmed, and the account's no longer; listeners alone see it
};

/// An event, as far as it can be read.
struct Entry {
  EventId id;
  Time at;
  std::string kind;
  std::optional<AccountId> account;
  std::optional<AccountId> actor;
  std::optional<SessionId> session;
  std::string reason;
  std::string subject;
  std::string address;
  std::string request_id;
  std::int64_t count = 1;  // how often it happened; address, request and `at` are of the first time
  std::optional<Time> last_at = {};  // absent when it happened once

  // What is stored in place of account, actor, session, subject, address and request, and what the chain is over. Those
  // are there once it was opened with keys that are left (audit/listing.hpp), or in an older event, which has no
  // account_sealed.
  std::optional<Pseudonym> account_pseudonym = {};
  std::optional<Pseudonym> actor_pseudonym = {};
  std::optional<Bytes> account_sealed = {};  // empty: there was nothing to seal, or nobody to seal it for
  Bytes actor_sealed = {};  // likewise
};

/// Hears of each event, in the clear, in the transaction that records it. It must not record one itself, what it does
/// must bear being done again when the transaction is, and what it keeps must go with the account.
using Listener = std::function<void(db::Tx&, const Context&, const Event&, const Entry&)>;

/// Writes events and, once committed, one log line for each.
class Trail {
 public:
  /// `secret`: as in Keys.
  Trail(observe::Log& log, Random& random, Secret secret)
      : log_(&log), random_(&random), keys_(std::move(secret), random) {}
  /// To be called before the first event is recorded.
  void listen(Listener listener) { listeners_.push_back(std::move(listener)); }
  void record(db::Tx& tx, const Context& context, const Event& event) const;
  /// The same for what happened together, in fewer statements.
  void record(db::Tx& tx, const Context& context, std::span<const Event> events) const;

  [[nodiscard]] Keys& keys() { return keys_; }
  [[nodiscard]] const Keys& keys() const { return keys_; }

 private:
  observe::Log* log_;
  Random* random_;
  Keys keys_;
  std::vector<Listener> listeners_;
};

/// How long repeats are counted, from the first on; a row that counts is sealed after that.
inline constexpr Duration counted_within = std::chrono::minutes{1};

/// Gives every unsealed event its number and hash: SHA-256 over the previous hash and all that is stored of it.
std::int64_t seal(db::Tx& tx);
/// Seals every ten seconds, but for rows that still count. After each run that sealed something, a line tells `witness`
/// number and hash of the last event: whoever keeps the log elsewhere can show what the chain was.
[[nodiscard]] jobs::Periodic seal_job(db::Database& database, observe::Log* witness = nullptr);
/// The same once and at once, and for what still counts too: at the end of a server.
void seal_all(db::Database& database, observe::Log* witness);

/// How many events are not in the chain yet; from a small index.
[[nodiscard]] std::int64_t count_unsealed(db::Database& database);

/// Where the chain first breaks; absent when it is whole.
struct Break {
  std::int64_t number;
  std::string what;
};

/// What a checkpoint's signature is checked with; absent: it is not checked, and the rest is.
using CheckpointKey = std::optional<crypto::Ed25519PublicKey>;

/// Walks the chain from the checkpoint on, or from its first event when none was ever removed.
std::optional<Break> verify(db::Database& database, const CheckpointKey& key = {});

/// An event is sealed long before.
inline constexpr Duration sealed_within = std::chrono::minutes{5};

/// What is stored, and what of it the chain vouches for.
struct Survey {
  std::int64_t sealed = 0;  // events in the chain, as far as it is whole
  std::int64_t last_number = 0;  // of the last of them
  Bytes last_hash = {};
  std::optional<Break> broken = {};
  std::int64_t removed = 0;  // events before the chain's beginning, by the checkpoint
  std::optional<Time> removed_at = {};
  std::int64_t unsealed = 0;  // which nothing vouches for yet
  std::optional<Time> oldest_unsealed = {};
  /// An unsealed event is older than sealed_within, compared with whatever was stored last, so that a copy is judged by
  /// when it was made: sealing has failed or was prevented.
  bool is_overdue = false;
};
/// `now` bounds what a clock that was ahead has stored.
[[nodiscard]] Survey survey(db::Database& database, Time now, const CheckpointKey& key = {});

}  // namespace cardea::audit
