#pragma once
// What every connection of a server shares. Outlives them all.

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

#include "edge/body_memory.hpp"
#include "edge/lanes.hpp"
#include "edge/server.hpp"
#include "edge/tls.hpp"

namespace cardea::edge {

/// Counts the connections of a server.
class Census {
 public:
  [[nodiscard]] std::int64_t count() const { return count_.load(); }
  /// True when all have left within `span`.
  bool wait_until_empty(Duration span) {
    std::unique_lock lock{mutex_};
    return empty_.wait_for(lock, span, [this] { return count() == 0; });
  }

 private:
  friend class Guest;
  void leave() {
    if (count_.fetch_sub(1) != 1) return;
    const std::lock_guard lock{mutex_};
    empty_.notify_all();
  }

  std::atomic<std::int64_t> count_{0};
  std::mutex mutex_;
  std::condition_variable empty_;
};

/// One connection's place in the census, given up when it goes.
class Guest {
 public:
  /// Absent when there are `most` already.
  [[nodiscard]] static std::optional<Guest> admit(Census& census, std::int64_t most) {
    Guest guest{census};
    if (census.count_.fetch_add(1) >= most) return std::nullopt;
    return guest;
  }
  Guest(Guest&& other) noexcept : census_(std::exchange(other.census_, nullptr)) {}
  Guest& operator=(Guest&&) = delete;
  ~Guest() {
    if (census_ != nullptr) census_->leave();
  }

 private:
  explicit Guest(Census& census) : census_(&census) {}
  Census* census_;
};

struct Door {
  const Settings& settings;
  const http::Desk& desk;
  const Clock& clock;
  observe::Log& log;
  observe::Counter& turned_away;  // connections over the limit
  Lanes& lanes;
  Census& census;
  BodyMemory& body_memory;
  TlsSlot tls = {};
};

}  // namespace cardea::edge
