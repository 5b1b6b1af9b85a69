#pragma once
// Who is connected: how many in all, and how many of one address, so that one client cannot take every place.

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "http/address.hpp"

namespace cardea::edge {

/// Counts the connections of a server. Any thread.
class Census {
 public:
  struct Limits {
    std::int64_t all = 0;
    std::int64_t per_address = 0;
    std::vector<http::Network> exempt = {};  // may have any number: proxies, which speak for many
  };
  explicit Census(Limits limits) : limits_(std::move(limits)) {}

  [[nodiscard]] std::int64_t count() const { return count_.load(); }
  /// True when all have left within `span`.
  bool wait_until_empty(Duration span) {
    std::unique_lock lock{mutex_};
    return empty_.wait_for(lock, span, [this] { return count() == 0; });
  }

 private:
  friend class Guest;
  /// IPv4 whole, IPv6 by its first 64 bits: a subscriber has all the rest. Absent when it is not counted.
  using Household = std::optional<std::array<std::uint8_t, 16>>;

  [[nodiscard]] Household household_of(std::string_view peer) const;
  [[nodiscard]] bool enter(const Household& household);
  void leave(const Household& household);

  const Limits limits_;
  std::atomic<std::int64_t> count_{0};
  std::mutex mutex_;
  std::condition_variable empty_;
  std::map<std::array<std::uint8_t, 16>, std::int64_t> households_;  // ordered: nobody can choose colliding addresses
};

/// One connection's place in the census, given up when it goes.
class Guest {
 public:
  /// Absent when there are too many already, of all or of this address. `peer` is the other end's address.
  [[nodiscard]] static std::optional<Guest> admit(Census& census, std::string_view peer);
  Guest(Guest&& other) noexcept : census_(std::exchange(other.census_, nullptr)), household_(other.household_) {}
  Guest& operator=(Guest&&) = delete;
  ~Guest() {
    if (census_ != nullptr) census_->leave(household_);
  }

 private:
  Guest(Census& census, const Census::Household& household) : census_(&census), household_(household) {}
  Census* census_;
  Census::Household household_;
};

}  // namespace cardea::edge
