#pragma once
// One coroutine that waits until another one of its thread has something for it.

#include <optional>

#include "edge/asio.hpp"

namespace cardea::edge {

/// Whoever waits looks first whether there is something already: to be woken before is to be woken never.
class Wakeup {
 public:
  explicit Wakeup(Executor home) : home_(home) {}

  /// Until wake(). By one at a time.
  Task<void> wait() {
    const auto keep = [this](Handler handler) { handler_.emplace(std::move(handler)); };
    UseTask token;
    auto waiting = asio::async_initiate<UseTask, void()>(keep, token);
    co_await std::move(waiting);
  }
  /// Goes on with the one that waits, if any, in a turn of its own.
  void wake() {
    if (!handler_) return;
    Handler handler = std::move(*handler_);
    handler_.reset();
    asio::post(home_, std::move(handler));
  }

 private:
  using Handler = asio::async_result<UseTask, void()>::handler_type;

  Executor home_;
  std::optional<Handler> handler_;
};

}  // namespace cardea::edge
