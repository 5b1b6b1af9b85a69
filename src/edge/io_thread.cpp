#include "edge/io_thread.hpp"

#include <pthread.h>

namespace cardea::edge {
namespace {

/// For coroutines that never throw: should one do so all the same, the thread ends loudly.
void rethrow(std::exception_ptr failure) {
  if (failure) std::rethrow_exception(failure);
}

}  // namespace

Seat::Seat(IoThread& thread, Socket& socket) : thread_(thread), socket_(socket), index_(thread.seats_.size()) {
  thread_.seats_.push_back(this);
}

Seat::~Seat() {
  Seat* last = thread_.seats_.back();
  thread_.seats_[index_] = last;
  last->index_ = index_;
  thread_.seats_.pop_back();
}

IoThread::IoThread(std::chrono::microseconds tick) : tick_(tick) {}

IoThread::~IoThread() { finish(); }

Acceptor& IoThread::add(Acceptor acceptor) { return acceptors_.emplace_back(std::move(acceptor)); }

void IoThread::start() {
  asio::co_spawn(context_, keep_time(), rethrow);
  thread_ = std::thread{[this] {
    pthread_setname_np(pthread_self(), "edge-io");
    context_.run();
  }};
}

void IoThread::retire() {
  asio::post(context_, [this] {
    is_retiring_ = true;
    error_code ignored;
    for (auto& acceptor : acceptors_) acceptor.close(ignored);
    for (Seat* seat : seats_) {
      if (seat->is_idle_) seat->socket_.cancel(ignored);
    }
  });
}

void IoThread::evict() {
  asio::post(context_, [this] {
    error_code ignored;
    for (Seat* seat : seats_) seat->socket_.close(ignored);
  });
}

void IoThread::finish() {
  if (!thread_.joinable()) return;
  asio::post(context_, [this] {
    is_finished_ = true;
    timer_.cancel();
    work_.reset();
  });
  thread_.join();
}

Task<void> IoThread::keep_time() {
  while (!is_finished_) {
    error_code ignored;
    timer_.expires_after(tick_);
    co_await timer_.async_wait(into(ignored));
    end_late_ones();
  }
}

void IoThread::end_late_ones() {
  const auto now = Monotonic::now();
  error_code ignored;
  for (Seat* seat : seats_) {
    if (now >= seat->deadline_) seat->socket_.cancel(ignored);
  }
}

}  // namespace cardea::edge
