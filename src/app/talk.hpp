#pragma once
// How commands talk with who called them: data goes to standard output, everything else to standard error.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace cardea::app {

/// Exit codes, the same for every command.
namespace exit_code {
inline constexpr int done = 0;
inline constexpr int failed = 1;
inline constexpr int usage = 2;
inline constexpr int not_found = 3;
inline constexpr int not_permitted = 4;
inline constexpr int conflict = 5;
inline constexpr int partial = 6;
}  // namespace exit_code

/// Complains of an error with its detail and its fields; the exit code for it.
int fail_with(const Error& error);

/// What a caller may set on every command that works on accounts or events.
struct Manner {
  bool as_json = false;   // one JSON object, or one for each line of a list
  bool no_input = false;  // never ask
  bool yes = false;       // what would be asked is agreed to
};

/// Asks before something that cannot be undone. Absent: go on; else the exit code to end with, after a line that says
/// why.
[[nodiscard]] std::optional<int> confirm(const Manner& manner, std::string_view question);

/// A line from standard input, without its end; empty where there is none.
[[nodiscard]] std::string read_line();

/// Text for a terminal: controls in it, which could move the cursor or worse, become "?".
[[nodiscard]] std::string printable(std::string_view text);

/// Rows for people: aligned and with a head on a terminal, separated by tabs and without one elsewhere.
class Table {
 public:
  explicit Table(std::vector<std::string> head) : head_(std::move(head)) {}
  void add(std::vector<std::string> row);
  void print() const;
  [[nodiscard]] bool is_empty() const { return rows_.empty(); }

 private:
  std::vector<std::string> head_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace cardea::app
