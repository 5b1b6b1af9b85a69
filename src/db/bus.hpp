#pragma once
// Delivers what transactions announce, in this process and to every other one that shares the database.
//
// Owns: the subscriptions, and the thread that listens for other processes. Never: stores, orders or repeats what was
// announced. A process that was cut off does not hear what it missed; it is told that it was cut off instead.

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <shared_mutex>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>

#include "db/announcement.hpp"

namespace cardea::db {

class Listener;
class WakeUp;

/// Handlers run on the thread whose transaction announced, or on the bus's own; several may run at once. They are
/// noexcept and quick, and use neither the database nor the bus.
class Bus {
 public:
  /// Ends its handlers when destroyed, after those that are running. The bus outlives it.
  class Subscription {
   public:
    Subscription() = default;
    Subscription(Subscription&& other) noexcept : bus_(std::exchange(other.bus_, nullptr)), number_(other.number_) {}
    Subscription& operator=(Subscription&& other) noexcept {
      std::swap(bus_, other.bus_);
      std::swap(number_, other.number_);
      return *this;
    }
    ~Subscription() {
      if (bus_ != nullptr) bus_->remove(number_);
    }

   private:
    friend class Bus;
    Subscription(Bus& bus, std::uint64_t number) : bus_(&bus), number_(number) {}
    Bus* bus_ = nullptr;
    std::uint64_t number_ = 0;
  };

  explicit Bus(std::unique_ptr<Listener> listener);
  ~Bus();
  Bus(const Bus&) = delete;
  Bus& operator=(const Bus&) = delete;

  /// Calls `announced` with the subject of each announcement of `topic`; an empty subject means everything of it.
  template <class Announced>
  [[nodiscard]] Subscription subscribe(Topic topic, Announced announced) {
    static_assert(std::is_nothrow_invocable_v<Announced&, BytesView>, "a handler is noexcept");
    return add({.topic = std::string{topic.name()}, .announced = std::move(announced)});
  }

  /// Calls `lost` when other processes are no longer heard, from when on memory is not to be trusted; and `regained`
  /// when they are heard again, also the first time after `start`. What was announced between is not delivered later,
  /// so that whoever remembers anything forgets it at `regained`.
  template <class Lost, class Regained>
  [[nodiscard]] Subscription watch(Lost lost, Regained regained) {
    static_assert(std::is_nothrow_invocable_v<Lost&> && std::is_nothrow_invocable_v<Regained&>,
                  "a handler is noexcept");
    return add({.lost = std::move(lost), .regained = std::move(regained)});
  }

  /// Starts listening for other processes; without it only this process is heard. Once: again, and after `stop`, it
  /// throws std::logic_error.
  void start();
  /// Stops listening, promptly; `lost` is called if the others were heard. Does nothing if not started.
  void stop() noexcept;
  /// True while every announcement of another process arrives within a second. Callable from any thread.
  [[nodiscard]] bool is_connected() const noexcept { return is_connected_; }

  /// For db: calls the handlers of these announcements.
  void deliver(std::span<const Announcement> announcements) noexcept;

 private:
  struct Entry {
    std::string topic = {};
    std::function<void(BytesView)> announced = {};
    std::function<void()> lost = {};
    std::function<void()> regained = {};
  };

  Subscription add(Entry entry);
  void remove(std::uint64_t number) noexcept;
  void listen(const std::stop_token& stop) noexcept;
  void listen_until_lost(const std::stop_token& stop);
  void set_connected() noexcept;
  void set_lost() noexcept;

  const std::unique_ptr<Listener> listener_;
  const std::unique_ptr<WakeUp> wake_;
  std::atomic<bool> is_connected_ = false;
  std::shared_mutex mutex_;  // shared while handlers run, so that a subscription ends after them
  std::map<std::uint64_t, Entry> entries_;
  std::uint64_t last_number_ = 0;
  bool was_started_ = false;
  std::jthread thread_;
};

}  // namespace cardea::db
