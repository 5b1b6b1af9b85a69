#pragma once
// Makes a filter in one pass over keys that ascend; private to this module.

#include <string>
#include <vector>

#include "breached/filter_layout.hpp"

namespace cardea::breached {

/// Writes into a file that nobody reads yet. Holds the index, 8 MB, and one range. Throws std::system_error when it
/// cannot write.
class FilterWriter {
 public:
  explicit FilterWriter(int descriptor);

  /// The next one. One that repeats the last is passed over. Errors: breached.unusable, for one that is below the last,
  /// or too many of them.
  Result<Done> add(const Key& key);
  /// Writes what is left, and the head. Errors: breached.unusable, for a list that is empty or has a hole.
  Result<Facts> finish(Time now);

 private:
  void end_ranges(std::uint32_t next);
  void write_out();

  const int descriptor_;
  Bytes index_;
  Bytes buffer_;  // ranges that are not written yet
  std::uint64_t written_ = 0;  // the size of the file so far
  std::vector<std::uint32_t> rests_;  // of the range that is being filled
  std::uint32_t range_ = 0;
  std::uint64_t entries_ = 0;
  std::uint32_t empty_ranges_ = 0;
  std::uint32_t first_empty_ = 0;
};

}  // namespace cardea::breached
