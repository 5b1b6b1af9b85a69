#include "breached/range_coding.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>

#include "breached/filter_layout.hpp"

namespace cardea::breached {
namespace {

std::size_t values_of_high(const Shape& shape) { return std::size_t{1} << (rest_bits - shape.low_bits); }

bool bit(BytesView bytes, std::size_t at) { return (bytes[at / 8] >> (at % 8) & 1U) != 0; }
void set_bit(std::span<std::uint8_t> bytes, std::size_t at) {
  bytes[at / 8] = static_cast<std::uint8_t>(bytes[at / 8] | 1U << (at % 8));
}

/// The place behind so many zeros; absent when there are fewer.
std::optional<std::size_t> behind_zeros(BytesView bytes, std::size_t zeros) {
  std::size_t begin = 0;
  for (; begin + 8 <= bytes.size(); begin += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + begin, 8);
    const auto here = static_cast<std::size_t>(std::popcount(~word));
    if (here >= zeros) break;
    zeros -= here;
  }
  for (std::size_t at = begin * 8; at < bytes.size() * 8; ++at) {
    if (zeros == 0) return at;
    if (!bit(bytes, at)) --zeros;
  }
  return std::nullopt;
}

std::uint32_t low_of(BytesView lows, std::size_t index, unsigned width) {
  std::uint32_t low = 0;
  for (std::size_t i = 0, at = index * width; i < width;) {
    const std::size_t taken = std::min<std::size_t>(8 - at % 8, width - i);
    const auto part = static_cast<std::uint32_t>(lows[at / 8] >> (at % 8)) & ((1U << taken) - 1);
    low |= part << i;
    i += taken;
    at += taken;
  }
  return low;
}

}  // namespace

Shape shape_of(std::size_t count) {
  const auto width = static_cast<unsigned>(std::bit_width(count - 1));  // of the numbers there are
  Shape shape{.low_bits = rest_bits - std::min(width, rest_bits)};
  shape.high_bytes = (count + values_of_high(shape) + 7) / 8;
  shape.low_bytes = (count * shape.low_bits + 7) / 8;
  return shape;
}

void encode(std::span<const std::uint32_t> numbers, std::span<std::uint8_t> out) {
  const Shape shape = shape_of(numbers.size());
  const auto highs = out.first(shape.high_bytes);
  const auto lows = out.subspan(shape.high_bytes);
  std::size_t low_at = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    set_bit(highs, (numbers[i] >> shape.low_bits) + i);  // so many zeros and so many ones before it
    for (unsigned each = 0; each < shape.low_bits; ++each, ++low_at) {
      if ((numbers[i] >> each & 1U) != 0) set_bit(lows, low_at);
    }
  }
  // What is left of the last byte is no zero that could be counted.
  for (std::size_t at = numbers.size() + values_of_high(shape); at < highs.size() * 8; ++at) set_bit(highs, at);
}

bool holds(BytesView bytes, std::size_t count, std::uint32_t number) {
  const Shape shape = shape_of(count);
  const auto highs = bytes.first(shape.high_bytes);
  const auto lows = bytes.subspan(shape.high_bytes);
  const std::size_t high = number >> shape.low_bits;
  const auto begin = behind_zeros(highs, high);
  if (!begin) return false;
  const auto low = number & ((std::uint32_t{1} << shape.low_bits) - 1);
  std::size_t index = *begin - high;
  for (std::size_t at = *begin; index < count && at < highs.size() * 8 && bit(highs, at); ++at, ++index) {
    const auto here = low_of(lows, index, shape.low_bits);
    if (here >= low) return here == low;
  }
  return false;
}

}  // namespace cardea::breached
