#pragma once
// From an I/O thread to a lane and back.

#include <exception>

#include "edge/asio.hpp"
#include "edge/lanes.hpp"

namespace cardea::edge {

/// A job that resumes the waiting coroutine on its own executor when done.
template <class Handler, class F>
class ResumingJob final : public Job {
 public:
  ResumingJob(Executor home, Handler handler, F& work) : home_(home), handler_(std::move(handler)), work_(work) {}

  void run() noexcept override {
    std::exception_ptr failure;
    try {
      work_();
    } catch (...) {
      failure = std::current_exception();
    }
    resume(failure, true);
  }
  void drop() noexcept override { resume(nullptr, false); }

 private:
  /// Calls the coroutine back, through its executor's queue. Without the memory for that there is no going on.
  // NOLINTNEXTLINE(bugprone-exception-escape)
  void resume(std::exception_ptr failure, bool has_run) noexcept {
    asio::post(home_,
               [handler = std::move(handler_), failure, has_run]() mutable { std::move(handler)(failure, has_run); });
  }

  Executor home_;
  Handler handler_;
  F& work_;
};

/// Runs `work` on a thread of `pool`, in the turn of `share`, and comes back to `home`. False, without having run it,
/// when there is no place for it. Takes an lvalue: a temporary in a co_await expression is what compilers get wrong.
/// What `work` throws arrives here.
template <class F>
Task<bool> run_on(Executor home, Pool& pool, const Share& share, F& work) {
  const auto start = [&](auto handler) {
    using Mine = ResumingJob<decltype(handler), F>;
    pool.add(share, std::make_unique<Mine>(home, std::move(handler), work));
  };
  UseTask token;
  auto waiting = asio::async_initiate<UseTask, void(std::exception_ptr, bool)>(start, token);
  co_return co_await std::move(waiting);
}
template <class F>
Task<bool> run_on(Executor, Pool&, const Share&, const F&&) = delete;

}  // namespace cardea::edge
