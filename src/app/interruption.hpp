#pragma once
// A long command that is interrupted ends where it can clean up.

#include <csignal>
#include <string>

namespace cardea::app {

/// Keeps SIGINT and SIGTERM from ending the process where it stands, so that no half-made file stays behind. On the
/// main thread, before others are started.
class Interruption {
 public:
  /// `said` is what the command ends with.
  explicit Interruption(std::string said);
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;
  /// Throws std::runtime_error when one of them came.
  void check() const;

 private:
  const std::string said_;
  sigset_t signals_{};
  sigset_t before_{};
};

}  // namespace cardea::app
