#pragma once
// audit: what happened, to whom, from where. Append-only and hash-chained.
//
// Owns: audit_event. Never: updates or deletes an event (sealing fills the chain columns of a new one, once).
// Events are written in the transaction of the change they record, so neither exists without the other; a job seals
// them into the chain within ten seconds, so that concurrent transactions do not queue behind one another.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "db/database.hpp"
#include "http/route.hpp"
#include "jobs/periodic.hpp"
#include "observe/log.hpp"

namespace cardea::audit {

/// What to record. Views are read during the call only.
struct Event {
  std::string_view kind;                      // "signin.failed": dotted, past tense, stable
  std::optional<AccountId> account = {};      // whom it is about
  std::optional<AccountId> actor = {};        // who did it; absent: nobody signed in
  std::optional<SessionId> session = {};
  std::string_view reason = {};               // stable code, "wrong_password"
  std::string_view subject = {};              // what else it names: a session or note id, a field list
};

/// Where a request came from.
struct Origin {
  std::optional<RequestId> request = {};
  std::string address = {};
};
[[nodiscard]] Origin origin(const http::Call& call);

/// A stored event.
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
};

/// Writes events and, once committed, one log line for each.
class Trail {
 public:
  Trail(observe::Log& log, Random& random) : log_(&log), random_(&random) {}
  void record(db::Tx& tx, const Event& event, const Origin& origin, Time now) const;

 private:
  observe::Log* log_;
  Random* random_;
};

/// The newest events about an account, newest first; `before` is the last id of the previous page.
std::vector<Entry> recent(db::Tx& tx, const AccountId& account, std::optional<EventId> before, std::int64_t limit);

/// Gives every unsealed event its number and hash: SHA-256 over the previous hash and all its fields.
std::int64_t seal(db::Tx& tx);
[[nodiscard]] jobs::Periodic seal_job(db::Database& database);

/// Where the chain first breaks; absent when it is whole.
struct Break {
  std::int64_t number;
  std::string what;
};
std::optional<Break> verify(db::Database& database);

}  // namespace cardea::audit
