#include "db/bus.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "db/listener.hpp"

namespace cardea::db {
namespace {

constexpr Duration shortest_pause = std::chrono::milliseconds{20};
constexpr Duration longest_pause = std::chrono::seconds{1};

}  // namespace

Bus::Bus(std::unique_ptr<Listener> listener) : listener_(std::move(listener)), wake_(std::make_unique<WakeUp>()) {}
Bus::~Bus() { stop(); }

Bus::Subscription Bus::add(Entry entry) {
  const std::lock_guard lock(mutex_);
  entries_.emplace(++last_number_, std::move(entry));
  return {*this, last_number_};
}

void Bus::remove(std::uint64_t number) noexcept {
  const std::lock_guard lock(mutex_);
  entries_.erase(number);
}

void Bus::deliver(std::span<const Announcement> announcements) noexcept {
  if (announcements.empty()) return;
  const std::shared_lock lock(mutex_);
  for (const Announcement& announcement : announcements) {
    for (const auto& [number, entry] : entries_) {
      if (entry.announced && entry.topic == announcement.topic) entry.announced(announcement.subject);
    }
  }
}

void Bus::start() {
  if (std::exchange(was_started_, true)) throw std::logic_error("the bus was started before");
  thread_ = std::jthread([this](const std::stop_token& stop) { listen(stop); });
}

void Bus::stop() noexcept {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  wake_->raise();
  thread_.join();
}

void Bus::listen(const std::stop_token& stop) noexcept {
  Duration pause = shortest_pause;
  while (!stop.stop_requested()) {
    try {
      listen_until_lost(stop);
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): `set_lost` tells, and the next turn tries again
    }
    pause = is_connected_ ? shortest_pause : std::min(2 * pause, longest_pause);
    set_lost();
    listener_->close();
    if (wake_->wait(pause)) break;
  }
}

void Bus::listen_until_lost(const std::stop_token& stop) {
  listener_->open(*wake_);
  set_connected();
  while (!stop.stop_requested()) {
    const std::vector<Announcement> announcements = listener_->next(*wake_);
    deliver(announcements);
  }
}

void Bus::set_connected() noexcept {
  const std::shared_lock lock(mutex_);
  for (const auto& [number, entry] : entries_) {
    if (entry.regained) entry.regained();
  }
  is_connected_ = true;  // after they forgot: whoever sees it true remembers nothing older
}

void Bus::set_lost() noexcept {
  if (!is_connected_.exchange(false)) return;
  const std::shared_lock lock(mutex_);
  for (const auto& [number, entry] : entries_) {
    if (entry.lost) entry.lost();
  }
}

}  // namespace cardea::db
