#pragma once
// A line of a list of leaked passwords, in the forms of Have I Been Pwned; private to this module.

#include <optional>
#include <string_view>

#include "breached/filter_layout.hpp"

namespace cardea::breached {

/// Longer ones are in no list.
inline constexpr std::size_t longest_line = 80;

/// Reads line after line, each without its end:
///
///   SHA1:COUNT      40 hexadecimal digits and a number
///   SUFFIX:COUNT    the last 35 digits, in a file that is named after the first five or behind a line with these
///   PREFIX          those five, for the lines that follow
class ListLines {
 public:
  /// For lines with a suffix alone, until a line with a prefix.
  void set_prefix(std::uint32_t prefix) { prefix_ = prefix; }
  /// Absent for what names no password: an empty line, a prefix, or one of the lines with the count 0 by which a range
  /// is filled up. Errors: breached.unusable.
  Result<std::optional<Key>> read(std::string_view line);

 private:
  std::optional<std::uint32_t> prefix_;
};

/// The number that five hexadecimal digits mean; absent for any other text.
[[nodiscard]] std::optional<std::uint32_t> prefix_of(std::string_view text);

}  // namespace cardea::breached
