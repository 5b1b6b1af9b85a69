#include "edge/io_thread.hpp"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <map>
#include <new>
#include <queue>
#include <tuple>
#include <utility>

#include "base/client_network.hpp"

namespace cardea::edge {
namespace {

constexpr std::chrono::milliseconds until_there_is_memory{20};

}  // namespace

Connection::Connection(IoThread& thread, Socket& socket, std::string_view peer)
    : thread_(thread), socket_(socket), network_(ClientNetwork{peer}.text(0)), index_(thread.connections_.size()) {
  thread_.connections_.push_back(this);
}

Connection::~Connection() {
  Connection* last = thread_.connections_.back();
  thread_.connections_[index_] = last;
  last->index_ = index_;
  thread_.connections_.pop_back();
}

IoThread::IoThread(std::chrono::microseconds tick, observe::Log& log) : tick_(tick), log_(log) {
  keep_running([this] { return check_deadlines(); });
}

IoThread::~IoThread() { finish(); }

Acceptor& IoThread::add(Acceptor acceptor) { return acceptors_.emplace_back(std::move(acceptor)); }

void IoThread::keep_running(std::function<Task<void>()> loop) { loops_.push_back({.run = std::move(loop)}); }

void IoThread::start() {
  thread_ = std::thread{[this] {
    pthread_setname_np(pthread_self(), "edge-io");
    run();
  }};
}

/// Says of a loop that it runs, as long as its coroutine is there. Without memory to wait for anything, or to tell of
/// its own end, a coroutine goes without a word, and perhaps later: then the thread looks after its loops again.
class IoThread::Running {
 public:
  Running(IoThread& thread, Loop& loop) : thread_(thread), loop_(&loop) { loop.is_running = true; }
  Running(Running&& other) noexcept : thread_(other.thread_), loop_(std::exchange(other.loop_, nullptr)) {}
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  Running& operator=(Running&&) = delete;
  ~Running() {
    if (loop_ == nullptr) return;
    loop_->is_running = false;
    if (!loop_->is_over) thread_.context_.stop();
  }
  [[nodiscard]] Loop& loop() const { return *loop_; }

 private:
  IoThread& thread_;
  Loop* loop_;
};

Task<void> IoThread::run_loop(Running running) {
  co_await running.loop().run();
  running.loop().is_over = true;
}

/// What fails in a connection is known there. What arrives here ended a loop, or a handler that had no memory.
void IoThread::run() noexcept {
  for (;;) {
    try {
      context_.restart();
      begin_loops();
      context_.run();
      const auto is_lost = [](const Loop& loop) { return !loop.is_running && !loop.is_over; };
      if (std::none_of(loops_.begin(), loops_.end(), is_lost)) return;
      log_.error("edge.thread_interrupted", {{"reason", "out of memory"}});
    } catch (const std::exception& failure) {
      log_.error("edge.thread_interrupted", {{"reason", failure.what()}});
    }
    std::this_thread::sleep_for(until_there_is_memory);
  }
}

void IoThread::begin_loops() {
  for (Loop& loop : loops_) {
    if (loop.is_running || loop.is_over) continue;
    const auto end = [](std::exception_ptr failure) {
      if (failure) std::rethrow_exception(failure);
    };
    asio::co_spawn(context_, run_loop(Running{*this, loop}), end);
  }
}

template <class Order>
void IoThread::post_surely(const Order& order) {
  for (;;) {
    try {
      asio::post(context_, order);
      return;
    } catch (const std::bad_alloc&) {
      std::this_thread::sleep_for(until_there_is_memory);
    }
  }
}

void IoThread::retire() {
  post_surely([this] {
    is_retiring_ = true;
    error_code ignored;
    for (auto& acceptor : acceptors_) {
      // Released before it is closed: as long as systemd, or another thread, holds the same socket, closing alone would
      // leave it in the epoll set, with a pointer to what is gone.
      if (acceptor.is_open()) ::close(acceptor.release(ignored));
    }
    for (Connection* connection : connections_) {
      if (connection->waiting_ == Connection::Waiting::for_request) {
        connection->socket_.cancel(ignored);
      } else if (connection->retiring_ != nullptr) {
        connection->retiring_->retire();
      }
    }
  });
}

void IoThread::make_room(std::size_t count) {
  // Of one network's those without a part of a head go first, and then the one that would end soonest by itself.
  using Ending = std::tuple<Connection::Waiting, Monotonic::time_point, Connection*>;
  std::map<std::string, std::vector<Ending>> networks;  // the first to go last
  for (Connection* connection : connections_) {
    if (connection->waiting_ == Connection::Waiting::no) continue;
    networks[connection->network_].emplace_back(connection->waiting_, connection->deadline_, connection);
  }
  std::priority_queue<std::pair<std::size_t, std::vector<Ending>*>> greatest;
  for (auto& [name, endings] : networks) {
    std::sort(endings.begin(), endings.end(), std::greater<>{});
    greatest.emplace(endings.size(), &endings);
  }
  for (; count > 0 && !greatest.empty(); --count) {
    std::vector<Ending>& endings = *greatest.top().second;
    greatest.pop();
    error_code ignored;
    Connection& connection = *std::get<Connection*>(endings.back());
    connection.waiting_ = Connection::Waiting::no;
    connection.socket_.cancel(ignored);
    endings.pop_back();
    if (!endings.empty()) greatest.emplace(endings.size(), &endings);
  }
}

void IoThread::evict() {
  post_surely([this] {
    error_code ignored;
    for (Connection* connection : connections_) connection->socket_.close(ignored);
  });
}

void IoThread::finish() {
  if (!thread_.joinable()) return;
  post_surely([this] {
    is_finished_ = true;
    timer_.cancel();
    work_.reset();
  });
  thread_.join();
}

Task<void> IoThread::check_deadlines() {
  while (!is_finished_) {
    error_code ignored;
    timer_.expires_after(tick_);
    co_await timer_.async_wait(into(ignored));
    cancel_expired();
  }
}

void IoThread::cancel_expired() {
  const auto now = Monotonic::now();
  error_code ignored;
  for (Connection* connection : connections_) {
    if (now >= connection->deadline_) connection->socket_.cancel(ignored);
  }
}

}  // namespace cardea::edge
