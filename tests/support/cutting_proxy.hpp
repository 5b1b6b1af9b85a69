#pragma once
// A bad network between libpq and PostgreSQL: delays, goes silent, and cuts when it does most harm, in a COMMIT.
// Listens on a free port of 127.0.0.1 and forwards to the server's Unix socket.

#include <chrono>
#include <memory>
#include <string>

namespace cardea::testing_support {

class CuttingProxy {
 public:
  /// `url` is that of a database on a Postgres of tests/support, such as FreshDatabase::url().
  explicit CuttingProxy(const std::string& url);
  ~CuttingProxy();
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;

  /// The same database by way of this proxy.
  [[nodiscard]] std::string url() const;

  /// Holds back what is sent in each direction for so long; a round trip takes twice that.
  void delay(std::chrono::microseconds each_way);
  /// Forwards nothing more, and closes nothing, until `thaw`: a server that hangs.
  void freeze();
  void thaw();

  enum class Cut {
    before_commit,  // COMMIT does not reach the server, which rolls back
    after_commit,   // the server has carried it out; its answer does not come back
    any_answer,     // the same for whatever is sent next
  };
  /// Cuts the connection that sends the next COMMIT, or anything, once.
  void cut_next(Cut cut);
  /// How many connections were cut.
  [[nodiscard]] int cuts() const;
  /// How many times a client has sent something and was answered.
  [[nodiscard]] int round_trips() const;

 private:
  class Forwarder;
  std::unique_ptr<Forwarder> forwarder_;
  std::string url_;
};

}  // namespace cardea::testing_support
