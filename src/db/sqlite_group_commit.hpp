#pragma once
// Group commit: writers of one SQLite file who come while another one writes share its transaction, and with it the one
// flush that all of them wait for. Internal to db.
//
// SQLite has one writer at a time, and each commit waits for the disk. Whoever comes first leads: it runs its own work,
// then that of those who wait, each in a savepoint, and commits once. Who comes during the commit is in the next group.
// Nobody waits for company: a writer who comes alone is committed alone.

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>

#include "db/attempt.hpp"
#include "db/sqlite_connection.hpp"

namespace cardea::db {

/// Callable from any thread.
class SqliteGroupCommit {
 public:
  /// How many share a transaction at most: the first waits for all of them.
  static constexpr std::size_t most_together = 16;

  /// The connections of `writer` are SqliteConnections. All of these outlive it.
  SqliteGroupCommit(SessionPool& writer, Bus& bus, const Patience& patience, const EndOfWaits& ends)
      : writer_(writer), bus_(bus), patience_(patience), ends_(ends) {}
  SqliteGroupCommit(const SqliteGroupCommit&) = delete;
  SqliteGroupCommit& operator=(const SqliteGroupCommit&) = delete;

  /// Like transact(), but `work` may run on the thread of another writer, and after others within one transaction: it
  /// sees what they wrote, and returns only when all of it is committed. If that fails, `work` is run again by itself.
  void transact(const std::function<Verdict(Tx&)>& work);
  /// Like run_alone().
  void run_alone(const std::function<void(Tx&)>& statement);

  /// Has those who wait look at the end of waits again.
  void look_at_end() noexcept;
  /// Writers whose work nobody has begun.
  [[nodiscard]] std::size_t waiting() const noexcept;

 private:
  enum class Kind { transaction, statement };
  struct Member;
  class Group;
  class Lead;

  void write(const std::function<Verdict(Tx&)>& work, Kind kind);
  Aftermath write_together(const std::function<Verdict(Tx&)>& work, Kind kind, Deadline deadline);
  /// True when it is this thread that leads; false when its work was taken along by another.
  bool wait_to_lead(Member& self, Deadline deadline);
  void hand_on_lead() noexcept;
  /// The next who waits, who has now to be told of its end; null when nobody does.
  Member* take_next() noexcept;
  Aftermath write_as_leader(Member& self, Deadline deadline);
  Aftermath write_group(SessionPool::Lease& lease, Member& self);
  static bool write_part(SqliteConnection& connection, Member& member);

  SessionPool& writer_;
  Bus& bus_;
  const Patience& patience_;
  const EndOfWaits& ends_;
  mutable std::mutex mutex_;
  std::deque<Member*> waiting_;
  bool is_led_ = false;
};

}  // namespace cardea::db
