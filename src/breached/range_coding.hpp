#pragma once
// Ascending 31-bit numbers in two to three bits more than their information: the form of Elias and Fano; private to
// this module.
//
// The low bits of each number stand one behind the other. The high ones are counted: for each value that they can have,
// as many ones as there are numbers with it, then a zero. The place of a value's ones is behind as many zeros.

#include <cstdint>
#include <span>

#include "base/bytes.hpp"

namespace cardea::breached {

/// How so many numbers are stored.
struct Shape {
  unsigned low_bits = 0;  // of each number
  std::size_t high_bytes = 0;  // ones and zeros, filled up with ones
  std::size_t low_bytes = 0;
  [[nodiscard]] std::size_t size() const { return high_bytes + low_bytes; }
};
/// `count` is at least 1.
[[nodiscard]] Shape shape_of(std::size_t count);

/// Writes the numbers, which ascend, each once, into as many bytes as their shape has, all zero before.
void encode(std::span<const std::uint32_t> numbers, std::span<std::uint8_t> out);

/// Whether a number is among the `count` of these bytes, which are as many as their shape has. Any bytes.
[[nodiscard]] bool holds(BytesView bytes, std::size_t count, std::uint32_t number);

}  // namespace cardea::breached
