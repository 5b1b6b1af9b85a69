#pragma once
// From an I/O thread to a lane and back.

#include <array>
#include <cstddef>
#include <exception>
#include <memory>
#include <span>

#include <boost/asio/bind_allocator.hpp>

#include "edge/asio.hpp"
#include "edge/lanes.hpp"

namespace cardea::edge {

/// What a coroutine that waits for a lane is called back with. It holds the memory for that call from the beginning, so
/// that a lane never stands there with an outcome and no memory to tell it.
template <class Handler>
struct Resumption {
  Handler handler;
  std::exception_ptr failure = {};
  bool has_run = false;
  alignas(std::max_align_t) std::array<std::byte, 256> memory = {};
};

/// Gives out the memory of a Resumption, once; where that is too small, as a standard library may have it, the heap's.
template <class T>
struct ResumptionAllocator {
  using value_type = T;
  std::span<std::byte> memory;

  explicit ResumptionAllocator(std::span<std::byte> memory_) : memory(memory_) {}
  template <class Other>
  // NOLINTNEXTLINE(google-explicit-constructor): as allocators are
  ResumptionAllocator(const ResumptionAllocator<Other>& other) : memory(other.memory) {}

  T* allocate(std::size_t count) {
    void* place = count * sizeof(T) <= memory.size() ? memory.data() : ::operator new(count * sizeof(T));
    return static_cast<T*>(place);
  }
  void deallocate(T* place, std::size_t) noexcept {
    if (static_cast<void*>(place) != memory.data()) ::operator delete(place);
  }
  template <class Other>
  bool operator==(const ResumptionAllocator<Other>& other) const {
    return memory.data() == other.memory.data();
  }
};

/// A job that resumes the waiting coroutine on its own executor when done.
template <class Handler, class F>
class ResumingJob final : public Job {
 public:
  ResumingJob(Executor home, Handler handler, F& work)
      : home_(home), resumption_(new Resumption<Handler>{.handler = std::move(handler)}), work_(work) {}

  void run() noexcept override {
    try {
      work_();
    } catch (...) {
      resumption_->failure = std::current_exception();
    }
    resumption_->has_run = true;
    resume();
  }
  void drop() noexcept override { resume(); }

 private:
  /// Calls the coroutine back, through its executor's queue.
  void resume() noexcept {
    const ResumptionAllocator<std::byte> allocator{resumption_->memory};
    auto call = [resumption = std::move(resumption_)] {
      std::move(resumption->handler)(std::move(resumption->failure), resumption->has_run);
    };
    asio::post(home_, asio::bind_allocator(allocator, std::move(call)));
  }

  Executor home_;
  std::unique_ptr<Resumption<Handler>> resumption_;
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
