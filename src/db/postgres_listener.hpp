#pragma once
// Hears other processes by LISTEN, on a connection of its own that is probed all the time. Internal to db.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "db/listener.hpp"

struct pg_conn;

namespace cardea::db {

class PostgresListener : public Listener {
 public:
  /// Announcements from `origin` are left out: they are our own. `url` outlives this.
  PostgresListener(const Secret& url, std::string origin);

  void open(const WakeUp& wake) override;
  std::vector<Announcement> next(const WakeUp& wake) override;
  void close() noexcept override;

 private:
  using Clock = std::chrono::steady_clock;
  struct Finish {
    void operator()(pg_conn* connection) const;
  };

  void connect(const WakeUp& wake, Clock::time_point deadline);
  void send(const char* sql);
  /// Reads what has arrived; true when the answer to what was sent is complete.
  bool read_answer();
  /// Throws when an answer is overdue, and asks for one when it is time.
  void probe();
  [[nodiscard]] std::vector<Announcement> take_notices();

  const Secret& url_;
  const std::string origin_;
  std::unique_ptr<pg_conn, Finish> connection_;
  bool is_asking_ = false;
  Clock::time_point due_{};  // of the answer while asking, of the next question otherwise
};

}  // namespace cardea::db
