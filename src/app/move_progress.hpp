#pragma once
// How far a move is: one line that goes on changing on a terminal, a line now and then elsewhere.

#include <chrono>
#include <cstdint>
#include <string>

namespace cardea::app {

class MoveProgress {
 public:
  MoveProgress();
  /// `step` is what is done to the table ("copying"), `all` how many rows there are to be done.
  void begin(std::string step, std::string table, std::int64_t all);
  void add_row() {
    if (++done_ % rows_between_looks == 0) look();
  }
  void end();

 private:
  static constexpr std::int64_t rows_between_looks = 1024;
  void look();
  void draw() const;

  const bool is_terminal_;
  std::string step_;
  std::string table_;
  std::int64_t all_ = 0;
  std::int64_t done_ = 0;
  std::chrono::steady_clock::time_point shown_at_ = {};
};

}  // namespace cardea::app
