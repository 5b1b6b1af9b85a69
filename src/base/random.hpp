#pragma once
// Randomness is a parameter: only `app` makes the real source.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace cardea {

class Random {
 public:
  virtual ~Random() = default;
  /// Fills `out` with unpredictable bytes. Callable from any thread.
  virtual void fill(std::span<std::uint8_t> out) = 0;

  template <std::size_t N>
  std::array<std::uint8_t, N> bytes() {
    std::array<std::uint8_t, N> out{};
    fill(out);
    return out;
  }
};

}  // namespace cardea
