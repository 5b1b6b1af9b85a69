#include "db/sqlite_group_commit.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <utility>

namespace cardea::db {

/// A writer; lives on its thread's stack. Until it is `done` it belongs to whoever runs its work.
struct SqliteGroupCommit::Member {
  enum class State { waiting, leading, taken, done };

  const std::function<Verdict(Tx&)>& work;
  Kind kind;
  Deadline since = std::chrono::steady_clock::now();
  std::condition_variable changed = {};
  State state = State::waiting;
  std::chrono::nanoseconds waited = {};
  bool is_over = false;  // the transaction was committed, or may have been
  std::exception_ptr failure = {};  // its own, or that of such a commit
  Aftermath aftermath = {};
};

/// Those whose work was taken along. However it ends, they are told.
class SqliteGroupCommit::Group {
 public:
  explicit Group(SqliteGroupCommit& owner) : owner_(owner) {}
  ~Group() {
    const std::lock_guard lock(owner_.mutex_);
    for (std::size_t i = 0; i < size_; ++i) {
      members_.at(i)->state = Member::State::done;
      members_.at(i)->changed.notify_one();  // under the lock: once that thread knows, its Member is gone
    }
  }
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  [[nodiscard]] bool has_room() const { return size_ < members_.size(); }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  void add(Member& member) { members_.at(size_++) = &member; }
  void set_over() {
    for (std::size_t i = 0; i < size_; ++i) members_.at(i)->is_over = true;
  }
  void set_unknown(const std::exception_ptr& failure) {
    set_over();
    for (std::size_t i = 0; i < size_; ++i) {
      if (!members_.at(i)->failure) members_.at(i)->failure = failure;
    }
  }

 private:
  SqliteGroupCommit& owner_;
  std::array<Member*, most_together - 1> members_{};
  std::size_t size_ = 0;
};

/// Hands the lead on when it ends.
class SqliteGroupCommit::Lead {
 public:
  explicit Lead(SqliteGroupCommit& owner) : owner_(owner) {}
  ~Lead() { owner_.hand_on_lead(); }
  Lead(const Lead&) = delete;
  Lead& operator=(const Lead&) = delete;

 private:
  SqliteGroupCommit& owner_;
};

void SqliteGroupCommit::transact(const std::function<Verdict(Tx&)>& work) { write(work, Kind::transaction); }

void SqliteGroupCommit::run_alone(const std::function<void(Tx&)>& statement) {
  write(
      [&](Tx& tx) {
        statement(tx);
        return Verdict::commit;
      },
      Kind::statement);
}

void SqliteGroupCommit::write(const std::function<Verdict(Tx&)>& work, Kind kind) {
  bool is_first = true;
  const auto aftermath = until_it_works(patience_, [&](Deadline deadline) {
    if (std::exchange(is_first, false)) return write_together(work, kind, deadline);
    // By itself, so that nobody is in the way of it any more, and what is wrong with it is its own.
    const auto begin = [](Session& session) { session.begin(Access::locking_write); };
    const auto run = [&](SessionPool::Lease& lease) { return attempt(lease, Access::locking_write, work, bus_); };
    return on_connection(writer_, deadline, begin, run);
  });
  follow_up(aftermath, bus_);
}

Aftermath SqliteGroupCommit::write_together(const std::function<Verdict(Tx&)>& work, Kind kind, Deadline deadline) {
  Member self{.work = work, .kind = kind};
  if (wait_to_lead(self, deadline)) {
    const Lead lead(*this);
    return write_as_leader(self, deadline);
  }
  writer_.tell_wait(self.waited);
  if (!self.is_over) throw Conflict("sqlite: a transaction that was shared with others failed");
  if (self.failure) {
    bus_.deliver(self.aftermath.announcements);  // where the commit is what failed; else there are none
    std::rethrow_exception(self.failure);
  }
  return std::move(self.aftermath);
}

bool SqliteGroupCommit::wait_to_lead(Member& self, Deadline deadline) {
  std::unique_lock lock(mutex_);
  if (!is_led_) {
    is_led_ = true;
    return true;
  }
  waiting_.push_back(&self);
  while (self.state == Member::State::waiting) {
    const Deadline end = ends_.bound(deadline, self.since);
    if (std::chrono::steady_clock::now() >= end) {
      std::erase(waiting_, &self);
      throw DatabaseError("no database connection became free in time", Failure::busy);
    }
    self.changed.wait_until(lock, end);
  }
  self.changed.wait(lock, [&] { return self.state != Member::State::taken; });
  return self.state == Member::State::leading;
}

void SqliteGroupCommit::hand_on_lead() noexcept {
  const std::lock_guard lock(mutex_);
  is_led_ = !waiting_.empty();
  if (!is_led_) return;
  Member& next = *waiting_.front();
  waiting_.pop_front();
  next.waited = std::chrono::steady_clock::now() - next.since;
  next.state = Member::State::leading;
  next.changed.notify_one();
}

SqliteGroupCommit::Member* SqliteGroupCommit::take_next() noexcept {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty()) return nullptr;
  Member* next = waiting_.front();
  waiting_.pop_front();
  next->waited = std::chrono::steady_clock::now() - next->since;
  next->state = Member::State::taken;
  return next;
}

std::size_t SqliteGroupCommit::waiting() const noexcept {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

Aftermath SqliteGroupCommit::write_as_leader(Member& self, Deadline deadline) {
  // One statement that comes alone needs no BEGIN and COMMIT around it.
  const bool is_simple = self.kind == Kind::statement && waiting() == 0;
  const auto begin = [&](Session& session) {
    is_simple ? session.begin_alone(Access::locking_write) : session.begin(Access::locking_write);
  };
  const auto run = [&](SessionPool::Lease& lease) {
    if (!is_simple) return write_group(lease, self);
    attempt_alone(lease, self.work);
    return Aftermath{};
  };
  return on_connection(writer_, deadline, begin, run, self.waited);
}

Aftermath SqliteGroupCommit::write_group(SessionPool::Lease& lease, Member& self) {
  auto& connection = static_cast<SqliteConnection&>(*lease);
  Group others(*this);
  Aftermath own;
  bool is_committing = false;
  const auto tell_unknown = [&] {
    others.set_unknown(std::current_exception());
    abandon(lease);
    bus_.deliver(own.announcements);
  };
  try {
    if (decide(connection, self.work) == Verdict::roll_back) {
      abandon(lease);
      return own;
    }
    connection.store_announcements();
    own = {.announcements = connection.take_announcements(), .actions = connection.take_after_commit()};
    while (others.has_room()) {
      Member* next = take_next();
      if (next == nullptr) break;
      others.add(*next);
      if (!write_part(connection, *next)) throw Conflict("sqlite: the failure of another undid a shared transaction");
    }
    is_committing = true;
    connection.commit();
  } catch (const OutcomeUnknown&) {
    tell_unknown();
    throw;
  } catch (const std::bad_alloc&) {
    if (!is_committing) give_up(lease);
    tell_unknown();  // there was no memory for the answer, which may have been yes
    throw;
  } catch (const DatabaseError& problem) {
    if (others.empty()) give_up(lease);
    abandon(lease);
    throw Conflict(problem.what());  // each tries by itself, and whose failure it was will tell
  } catch (...) {
    give_up(lease);
  }
  others.set_over();
  return own;
}

/// Runs the work of a member within the leader's transaction. False: all of that is lost.
bool SqliteGroupCommit::write_part(SqliteConnection& connection, Member& member) {
  connection.start_over();
  try {
    connection.begin_part();
    if (decide(connection, member.work) == Verdict::commit) {
      connection.store_announcements();
      connection.keep_part();
      member.aftermath = {.announcements = connection.take_announcements(), .actions = connection.take_after_commit()};
      return true;
    }
  } catch (...) {
    member.failure = std::current_exception();
  }
  return connection.undo_part();
}

void SqliteGroupCommit::look_at_end() noexcept {
  const std::lock_guard lock(mutex_);
  for (Member* member : waiting_) member->changed.notify_one();
}

}  // namespace cardea::db
