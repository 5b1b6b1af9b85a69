#pragma once
// A bounded pool of connections, opened when first needed. Internal to db.

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "db/database.hpp"
#include "db/end_of_waits.hpp"

namespace cardea::db {

/// Others have every place that the server has for connections. Those that there are go on.
class NoMoreConnections : public DatabaseError {
 public:
  explicit NoMoreConnections(const std::string& what) : DatabaseError(what, Failure::unreachable) {}
};

template <class Connection>
class Pool {
 public:
  using Open = std::function<std::unique_ptr<Connection>()>;

  /// Told what each holder waited, opening included; nothing where a connection was idle. Must not throw.
  using OnWait = std::function<void(std::chrono::nanoseconds)>;

  /// `ends` outlives it. Opening a connection takes longer than most who have one need it: `open_after` is for how long
  /// one of theirs is waited for before.
  Pool(std::size_t most, Open open, const EndOfWaits& ends, OnWait on_wait = {},
       std::chrono::milliseconds open_after = std::chrono::milliseconds{2})
      : most_(most), open_(std::move(open)), ends_(ends), on_wait_(std::move(on_wait)), open_after_(open_after) {
    idle_.reserve(most);
  }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /// A connection that is the holder's alone; goes back to the pool, or is closed after `drop`.
  class Lease {
   public:
    Lease(Pool& pool, std::unique_ptr<Connection> connection) : pool_(&pool), connection_(std::move(connection)) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() {
      if (connection_) pool_->give_back(std::move(connection_));
    }
    Connection* operator->() { return connection_.get(); }
    Connection& operator*() { return *connection_; }
    void drop() {
      connection_.reset();
      pool_->give_back(nullptr);
    }

   private:
    Pool* pool_;
    std::unique_ptr<Connection> connection_;
  };

  /// Waits for a connection. Throws DatabaseError when none is free by `deadline` or a new one cannot be opened; where
  /// the server has no place for more, those that there are are waited for. What the caller waited `before`, for its
  /// turn to ask, is told along with it.
  Lease acquire(Deadline deadline, std::chrono::nanoseconds before = {}) {
    std::unique_lock lock(mutex_);
    if (!idle_.empty()) return take_idle(lock, before);
    const Deadline asked = std::chrono::steady_clock::now();
    const auto waited = [=] { return before + (std::chrono::steady_clock::now() - asked); };
    if (in_use_ > 0 && may_open()) {
      returned_.wait_until(lock, std::min(deadline, asked + open_after_), [this] { return !idle_.empty(); });
    }
    for (;;) {
      while (idle_.empty() && !may_open()) {
        const Deadline end = ends_.bound(deadline, asked);
        if (std::chrono::steady_clock::now() >= end) {
          tell_wait(waited());
          throw DatabaseError("no database connection became free in time", Failure::busy);
        }
        returned_.wait_until(lock, in_use_ < most_ ? std::min(end, crowded_until_) : end);
      }
      if (!idle_.empty()) return take_idle(lock, waited());
      ++in_use_;
      lock.unlock();
      try {
        auto connection = open_();
        end_crowding();
        tell_wait(waited());
        return Lease(*this, std::move(connection));
      } catch (const NoMoreConnections&) {
        lock.lock();
        --in_use_;  // and nobody is woken by it, who would only try the same
        crowded_until_ = std::chrono::steady_clock::now() + between_attempts;
        if (idle_.empty() && in_use_ == 0) {
          returned_.notify_all();  // there is nothing to wait for
          throw;
        }
      } catch (...) {
        give_back(nullptr);
        throw;
      }
    }
  }

  /// Tells of a wait that ended when somebody else, who had a connection, did the work as well.
  void tell_wait(std::chrono::nanoseconds waited) const {
    if (on_wait_) on_wait_(waited);
  }

  /// Has those who wait look at the end of waits again.
  void look_at_end() noexcept {
    const std::lock_guard lock(mutex_);
    returned_.notify_all();
  }

  /// Closes every connection that nobody holds.
  void close_idle() {
    std::vector<std::unique_ptr<Connection>> closing;
    closing.reserve(most_);  // of the one for the other, so that a connection can always be given back
    const std::lock_guard lock(mutex_);
    closing.swap(idle_);
  }

 private:
  static constexpr std::chrono::seconds between_attempts{1};  // to open one where there was no place for it

  /// Whether it is worth to ask for one more. Under the lock.
  [[nodiscard]] bool may_open() const {
    return in_use_ < most_ && (in_use_ == 0 || std::chrono::steady_clock::now() >= crowded_until_);
  }
  /// Where one could be opened, others may be.
  void end_crowding() {
    const std::lock_guard lock(mutex_);
    if (std::exchange(crowded_until_, Deadline::min()) != Deadline::min()) returned_.notify_one();
  }
  /// The most recently used one: its caches are warm, and surplus connections stay unopened.
  Lease take_idle(std::unique_lock<std::mutex>& lock, std::chrono::nanoseconds waited) {
    ++in_use_;
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    lock.unlock();
    tell_wait(waited);
    return Lease(*this, std::move(connection));
  }
  void give_back(std::unique_ptr<Connection> connection) {
    {
      const std::lock_guard lock(mutex_);
      --in_use_;
      if (connection) idle_.push_back(std::move(connection));
    }
    returned_.notify_one();
  }

  const std::size_t most_;
  const Open open_;
  const EndOfWaits& ends_;
  const OnWait on_wait_;
  const std::chrono::milliseconds open_after_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::size_t in_use_ = 0;
  Deadline crowded_until_ = Deadline::min();
};

}  // namespace cardea::db
