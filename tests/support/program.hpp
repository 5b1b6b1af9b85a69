#pragma once
// The real program as a child process, on data that outlives it.

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cardea::testing_support {

/// A temporary directory, removed at the end.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// What is waited for at the start.
enum class Announced { port };

class Program {
 public:
  /// Starts `cardea dev` on a free port with the budgets lifted and cheap hashes, and waits until it serves. `database`
  /// empty: SQLite in `folder`. Its standard error goes to `errors`, when that is given. Throws with the end of its log
  /// when it does not.
  explicit Program(const Folder& folder, const std::string& database = {}, const std::filesystem::path& errors = {});
  /// Starts `cardea` with these words of `dev` and waits until it serves, likewise.
  Program(const Folder& folder, const std::vector<std::string>& words, Announced announced,
          const std::filesystem::path& errors = {});
  /// Starts `cardea` with these words and does not wait for anything.
  Program(const Folder& folder, const std::vector<std::string>& words, const std::filesystem::path& errors = {});
  ~Program();  // kills it if it still runs
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] pid_t id() const { return child_; }
  [[nodiscard]] bool is_running() const;
  void send(int signal) const;
  /// kill -9, and gone when this returns.
  void kill();
  /// Waits for the end; its exit code, or absent when a signal ended it.
  std::optional<int> wait();
  /// What it has written so far.
  [[nodiscard]] std::string log() const;
  /// Waits until it has written `text`; false when it has not after so long, or has ended before.
  [[nodiscard]] bool says(std::string_view text, std::chrono::seconds within = std::chrono::seconds{15}) const;

 private:
  std::filesystem::path log_;
  std::uint16_t port_ = 0;
  pid_t child_ = -1;
};

/// Runs `cardea` with these words to its end; its exit code. What it wrote last is in `log-command` in the folder.
int run(const Folder& folder, const std::vector<std::string>& words);

}  // namespace cardea::testing_support
