#pragma once
// One I/O thread: its io_context, its share of the accepted connections, and the clock that ends late ones.
//
// One coarse timer per thread instead of one per operation: setting a deadline is a store, not a heap operation.

#include <deque>

#include "edge/asio.hpp"
#include "edge/response_text.hpp"

namespace cardea::edge {

class IoThread;

/// A connection as its thread knows it: what the thread must know to end it in time. Registered while it lives.
class Connection {
 public:
  Connection(IoThread& thread, Socket& socket);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// From now on, operations pending after `span` are cancelled (one tick late at most).
  void expires_after(std::chrono::microseconds span) { deadline_ = Monotonic::now() + span; }
  void expires_never() { deadline_ = Monotonic::time_point::max(); }
  [[nodiscard]] bool has_expired() const { return Monotonic::now() >= deadline_; }
  /// True while nothing of a request has arrived: such a connection may be closed at any time.
  void set_idle(bool idle) { is_idle_ = idle; }

 private:
  friend class IoThread;
  IoThread& thread_;
  Socket& socket_;
  Monotonic::time_point deadline_ = Monotonic::time_point::max();
  bool is_idle_ = false;
  std::size_t index_;
};

/// All members but the constructor's and the four for the controlling thread are for the thread itself.
class IoThread {
 public:
  explicit IoThread(std::chrono::microseconds tick);
  ~IoThread();
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;

  // For the controlling thread.
  /// Takes part in listening; before start().
  Acceptor& add(Acceptor acceptor);
  void start();
  /// Stops accepting and closes idle connections.
  void retire();
  /// Closes every connection.
  void evict();
  /// Joins the thread, once its last connection is gone.
  void finish();

  [[nodiscard]] asio::io_context& context() { return context_; }
  [[nodiscard]] Executor executor() { return context_.get_executor(); }
  [[nodiscard]] bool is_retiring() const { return is_retiring_; }
  [[nodiscard]] DateText& date() { return date_; }

 private:
  friend class Connection;
  Task<void> check_deadlines();
  void cancel_expired();

  std::vector<Connection*> connections_;  // before context_: they unregister when it goes
  bool is_retiring_ = false;
  bool is_finished_ = false;
  DateText date_;
  std::chrono::microseconds tick_;
  asio::io_context context_{1};  // one thread runs it
  asio::executor_work_guard<Executor> work_{context_.get_executor()};
  Timer timer_{context_};
  std::deque<Acceptor> acceptors_;
  std::thread thread_;
};

}  // namespace cardea::edge
