#pragma once
// Reads numbers from bytes; past the end it yields zeros and `failed` is set, so that a walk checks once per step.

#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"

namespace cardea::note {

class ByteReader {
 public:
  explicit ByteReader(BytesView bytes) : rest_(bytes) {}

  /// The next `size` bytes; empty when there are fewer.
  BytesView take(std::size_t size) {
    if (size > rest_.size()) {
      failed_ = true;
      rest_ = {};
      return {};
    }
    const auto taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  bool skip(std::string_view expected) { return as_text(take(expected.size())) == expected; }
  std::uint8_t byte() {
    const auto taken = take(1);
    return taken.empty() ? std::uint8_t{0} : taken[0];
  }
  /// Most significant byte first.
  std::uint32_t big(std::size_t size) {
    std::uint32_t number = 0;
    for (const auto b : take(size)) number = (number << 8U) | b;
    return number;
  }
  /// Least significant byte first.
  std::uint32_t little(std::size_t size) {
    std::uint32_t number = 0;
    unsigned shift = 0;
    for (const auto b : take(size)) {
      number |= static_cast<std::uint32_t>(b) << shift;
      shift += 8;
    }
    return number;
  }
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] bool at_end() const { return rest_.empty() && !failed_; }
  [[nodiscard]] BytesView rest() const { return rest_; }

 private:
  BytesView rest_;
  bool failed_ = false;
};

}  // namespace cardea::note
