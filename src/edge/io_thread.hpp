#pragma once
// One I/O thread: its io_context, its share of the accepted connections, and the clock that ends late ones.
//
// One coarse timer per thread instead of one per operation: setting a deadline is a store, not a heap operation.

#include <deque>
#include <functional>
#include <string>
#include <string_view>

#include "edge/asio.hpp"
#include "edge/response_text.hpp"
#include "observe/log.hpp"

namespace cardea::edge {

class IoThread;

/// A connection that goes on while its thread retires, until what has begun is done.
class Retiring {
 public:
  virtual ~Retiring() = default;
  virtual void retire() = 0;
};

/// A connection as its thread knows it: what the thread must know to end it in time. Registered while it lives.
class Connection {
 public:
  /// `peer` is the other end's address.
  Connection(IoThread& thread, Socket& socket, std::string_view peer);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// From now on, operations pending after `span` are cancelled (one tick late at most).
  void expires_after(std::chrono::microseconds span) { deadline_ = Monotonic::now() + span; }
  void expires_at(Monotonic::time_point deadline) { deadline_ = deadline; }
  void expires_never() { deadline_ = Monotonic::time_point::max(); }
  [[nodiscard]] bool has_expired() const { return Monotonic::now() >= deadline_; }
  /// While nothing of a request has arrived it may be closed at any time; while part of a head has, to make room.
  enum class Waiting { no, for_request, for_head };
  void set_waiting(Waiting waiting) { waiting_ = waiting; }
  /// The widest network of the other end, as text.
  [[nodiscard]] const std::string& network() const { return network_; }
  /// Whom to tell that the thread retires, when nothing may be closed yet; outlives the connection.
  void tell(Retiring& retiring) { retiring_ = &retiring; }

 private:
  friend class IoThread;
  IoThread& thread_;
  Socket& socket_;
  Monotonic::time_point deadline_ = Monotonic::time_point::max();
  std::string network_;  // the widest, to count by
  Waiting waiting_ = Waiting::no;
  Retiring* retiring_ = nullptr;
  std::size_t index_;
};

/// All members but the constructor's and those for the controlling thread are for the thread itself. Its context locks
/// its queue, to which others post, and nothing else: no other thread may begin or cancel an operation, nor make, close
/// or destroy a socket of it while the thread runs.
class IoThread {
 public:
  /// The log outlives it.
  IoThread(std::chrono::microseconds tick, observe::Log& log);
  ~IoThread();
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;

  // For the controlling thread.
  /// Takes part in listening; before start().
  Acceptor& add(Acceptor acceptor);
  /// Runs `loop` from start() on, and anew when an exception ends it: the end of memory is not the end of accepting.
  /// Before start().
  void keep_running(std::function<Task<void>()> loop);
  void start();
  /// Stops accepting and closes idle connections.
  void retire();
  /// Closes every connection.
  void evict();
  /// Joins the thread, once its last connection is gone.
  void finish();

  [[nodiscard]] asio::io_context& context() { return context_; }
  [[nodiscard]] Executor executor() { return context_.get_executor(); }
  /// Closes up to `count` connections that wait: of the networks that have most of them here, the ones that would end
  /// soonest by themselves, and those that wait for the rest of a head after those that wait for one.
  void make_room(std::size_t count);
  [[nodiscard]] bool is_retiring() const { return is_retiring_; }
  [[nodiscard]] DateText& date() { return date_; }

 private:
  friend class Connection;
  struct Loop {
    std::function<Task<void>()> run;
    bool is_running = false;
    bool is_over = false;
  };
  class Running;

  void run() noexcept;
  void begin_loops();
  static Task<void> run_loop(Running running);
  /// For the controlling thread: has `order` carried out by this one, also when memory for that has to be waited for.
  template <class Order>
  void post_surely(const Order& order);
  Task<void> check_deadlines();
  void cancel_expired();

  std::vector<Connection*> connections_;  // before context_: they unregister when it goes
  bool is_retiring_ = false;
  bool is_finished_ = false;
  DateText date_;
  std::chrono::microseconds tick_;
  observe::Log& log_;
  std::vector<Loop> loops_;
  asio::io_context context_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO};  // sockets and timers are this thread's alone
  asio::executor_work_guard<Executor> work_{context_.get_executor()};
  Timer timer_{context_};
  std::deque<Acceptor> acceptors_;
  std::thread thread_;
};

}  // namespace cardea::edge
