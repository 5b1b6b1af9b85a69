#include "edge/io_thread.hpp"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <map>
#include <queue>
#include <tuple>

#include "base/client_network.hpp"

namespace cardea::edge {
namespace {

/// For coroutines that never throw: should one do so all the same, the thread ends loudly.
void rethrow(std::exception_ptr failure) {
  if (failure) std::rethrow_exception(failure);
}

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

IoThread::IoThread(std::chrono::microseconds tick) : tick_(tick) {}

IoThread::~IoThread() { finish(); }

Acceptor& IoThread::add(Acceptor acceptor) { return acceptors_.emplace_back(std::move(acceptor)); }

void IoThread::start() {
  asio::co_spawn(context_, check_deadlines(), rethrow);
  thread_ = std::thread{[this] {
    pthread_setname_np(pthread_self(), "edge-io");
    context_.run();
  }};
}

void IoThread::retire() {
  asio::post(context_, [this] {
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
  asio::post(context_, [this] {
    error_code ignored;
    for (Connection* connection : connections_) connection->socket_.close(ignored);
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
