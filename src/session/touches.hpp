#pragma once
// Sessions that were used, until that is in the database: no request waits for it.

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "db/database.hpp"
#include "observe/metrics.hpp"
#include "session/session.hpp"

namespace cardea::session {

/// Moves idle time-outs in batches, some seconds after the use. What cannot be written stays and is tried again; what
/// is noted and not yet written when the process dies is lost, and with it those seconds of an idle time-out.
class Touches {
 public:
  static constexpr Duration written_within = std::chrono::seconds{5};
  static constexpr std::size_t most = 100'000;  // sessions noted at one time; of others the use is not written

  /// `settings` and the others outlive this.
  Touches(db::Database& database, const Settings& settings, observe::Metrics& metrics);
  /// Writes what there is, once.
  ~Touches();
  Touches(const Touches&) = delete;
  Touches& operator=(const Touches&) = delete;

  /// The session as it is when used at `now`. Any thread; never waits for the database.
  [[nodiscard]] Session touched(Session session, Time now);
  /// Writes what is noted. False when it could not be.
  bool flush() noexcept;

 private:
  void work();
  void write(const std::map<SessionId, Time>& batch);

  db::Database& database_;
  const Settings& settings_;
  observe::Counter& failures_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool is_ending_ = false;
  std::map<SessionId, Time> noted_;
  std::thread thread_;  // last: uses all of the above
};

}  // namespace cardea::session
