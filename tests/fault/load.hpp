#pragma once
// Clients that go on whatever they are answered, and remember what that was.

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/visitor.hpp"

namespace cardea::fault {

/// Answers other than the wished-for ones, by "503 storage.full" or "no answer", and the longest wait for any.
class Seen {
 public:
  using Wait = std::chrono::milliseconds;
  void answer(const std::optional<testing_support::RawAnswer>& answer, int wished, Wait wait);
  [[nodiscard]] std::map<std::string, int> surprises() const;
  [[nodiscard]] Wait longest() const;
  /// Forgets what was seen until now.
  void start_over();

 private:
  mutable std::mutex mutex_;
  std::map<std::string, int> surprises_;
  Wait longest_{0};
};

/// Four who sign up, write notes, sign in and sign out, and one who only asks for its session.
class Load {
 public:
  /// All outlive it. `names` begin the user ids.
  Load(std::uint16_t port, std::string names, testing_support::Ledger& ledger);
  ~Load();
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  [[nodiscard]] Seen& changes() { return changes_; }
  [[nodiscard]] Seen& checks() { return checks_; }
  void start_over();
  /// Waits until so many more acknowledgements have come; false after so long.
  [[nodiscard]] bool goes_on(int acknowledgements, std::chrono::seconds most = std::chrono::seconds{30});
  /// Waits until somebody got this answer to a change; false after so long.
  [[nodiscard]] bool meets(const std::string& answer, std::chrono::seconds most = std::chrono::seconds{20});
  /// Ends when the answers that are waited for have come.
  void stop();

 private:
  void be_busy(std::string name);
  void look();
  [[nodiscard]] bool act(testing_support::Visitor& visitor, const std::string& uid);

  const std::uint16_t port_;
  testing_support::Ledger& ledger_;
  Seen changes_;
  Seen checks_;
  std::atomic<int> acknowledged_ = 0;
  std::atomic<bool> is_over_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace cardea::fault
