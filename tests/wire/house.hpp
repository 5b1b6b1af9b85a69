#pragma once
// A server with a handful of routes on a free port, for tests that speak bytes.

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "edge/server.hpp"
#include "tests/support/random.hpp"
#include "tests/wire/exports.hpp"

namespace cardea::wire_tests {

/// Holds handlers until the test lets them go.
class Gate {
 public:
  void pass();
  void wait_for(int arrivals);
  void open();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int arrivals_ = 0;
  bool is_open_ = false;
};

class FixedClock : public Clock {
 public:
  [[nodiscard]] Time now() const override { return from_micros(1'795'000'000'000'000); }
};

/// The machine's own, where TLS is spoken: the other end compares certificates with it.
class PresentClock : public Clock {
 public:
  [[nodiscard]] Time now() const override {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  }
};

/// Knows nobody; whether a cookie is somebody's, only the database could tell.
class NobodyKnown : public http::Authenticator {
 public:
  std::optional<Result<http::Authentication>> recall(const http::Request&, const http::Surface&, Time) override;
  Result<http::Authentication> identify(const http::Request&, const http::Surface&, Time) override;
};

/// The lines a log received.
class Lines {
 public:
  void add(std::string_view line);
  [[nodiscard]] bool mention(std::string_view text) const;
  /// True when one line has both.
  [[nodiscard]] bool mention_together(std::string_view one, std::string_view other) const;

 private:
  mutable std::mutex mutex_;
  std::string lines_;
};

/// Routes: GET /instant · POST /echo (instant) and /echo-quick, at most 100,000 bytes · POST /seen tells what the
/// handler sees · POST /private asks for a session, which nobody has · GET /held (heavy) waits at the gate · GET /split
/// answers with a field that has a line break · GET /large with `large_size` bytes, more than the kernel takes in ·
/// GET /export, /export-heavy and /export-instant as Exports says.
class House {
 public:
  explicit House(edge::Settings settings = small(), const std::vector<http::Route>& more_routes = {});
  ~House();
  House(const House&) = delete;
  House& operator=(const House&) = delete;

  static constexpr std::size_t large_size = 8'000'000;
  static constexpr std::string_view error_text = "the page for errors";

  /// Port 0, one I/O thread, one heavy thread with a queue of one.
  static edge::Settings small();

  [[nodiscard]] std::uint16_t port() const { return server->port(); }

  Gate gate;
  Exports exports;
  Lines lines;
  observe::Metrics metrics;
  std::unique_ptr<edge::Server> server;

 private:
  std::vector<http::Route> routes();

  std::unique_ptr<Clock> clock_;
  NobodyKnown authenticator_;
  testing_support::SeededRandom random_{1};
  observe::Log log_{observe::Format::json, observe::Level::debug};
  http::FormTokens form_tokens_{Secret{std::string(32, 'k')}, random_};
  std::unique_ptr<http::Pipeline> pipeline_;
};

std::string get(std::string_view path, std::string_view fields = "");
/// A JSON post of `body`.
std::string post(std::string_view path, std::string_view body, std::string_view fields = "");

}  // namespace cardea::wire_tests
