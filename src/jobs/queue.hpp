#pragma once
// The queue: work that is put in the transaction that causes it, and done afterwards by the workers of its kind.
//
// Owns: job. Never: loses an item, or promises to do one only once: a worker that is killed leaves the item it held to
// another, so work must bear being done again.

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "db/database.hpp"

namespace cardea::jobs {

struct JobTag {
  static constexpr std::string_view prefix = "job_";
};
using JobId = Id<JobTag>;

/// What a worker is given.
struct Item {
  JobId id;
  std::string payload;
  int attempt = 1;         // from 1
  Time created_at = {};
  std::stop_token stop = {};  // requested when the process can wait no longer; an error returned then costs no attempt
};

/// Who does the items of one kind.
struct Worker {
  std::string kind;  // "mail.send"
  /// On a thread of the kind, outside any transaction; may block. An error or exception brings the item back later.
  std::function<Result<Done>(const Item&)> work;
  int threads = 1;  // items of the kind that are worked on at once in this process; no other kind waits for them
  int max_attempts = 32;  // with the pauses between them, about a day; then it is a dead letter
};

/// Bytes of a payload at most; larger data belongs in a table of the room, and its id in the payload.
inline constexpr std::size_t max_payload = 65'536;
/// An item is put off this long at most.
inline constexpr Duration max_wait = std::chrono::hours{24 * 30};

/// Where rooms put work. Callable from any thread.
class Queue {
 public:
  explicit Queue(Random& random) : random_(random) {}
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;

  /// Adds an item, due `wait` after `now`; this process's workers of the kind are woken after the commit. Throws
  /// std::length_error when the payload is too large: a bug of the caller.
  JobId put(db::Tx& tx, std::string_view kind, std::string_view payload, Time now, Duration wait = {});
  /// Puts a dead letter back with all its attempts; false when there is none of that id.
  bool retry(db::Tx& tx, JobId id, Time now);

  /// Tells this process's workers of the kind that there may be an item: put here, or announced by another process.
  void wake(std::string_view kind);
  /// Names who is told; empty: nobody any more. For Runner.
  void on_wake(std::string_view kind, std::function<void()> told);

 private:
  void wake_after_commit(db::Tx& tx, std::string kind);

  Random& random_;
  std::mutex mutex_;
  std::map<std::string, std::function<void()>, std::less<>> told_;
};

/// An item that was given up.
struct DeadLetter {
  JobId id;
  std::string kind;
  std::string payload;
  int attempts = 0;
  std::string last_error;
  Time created_at = {};
  Time dead_at = {};
};

/// Dead letters after `after` in the order they were given up; nullopt: from the first.
[[nodiscard]] std::vector<DeadLetter> dead(db::Tx& tx, const std::optional<DeadLetter>& after, std::int64_t limit);

}  // namespace cardea::jobs
