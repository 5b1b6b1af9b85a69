#pragma once
// The bytes of a filter; private to this module. All numbers are little-endian.
//
//   head      80 bytes: magic (16), version (4), 0 (4), entries (8), made_at in microseconds since 1970 (8),
//             size of the file (8), SHA-256 of what stands before and of the index (32)
//   index     2^20 + 1 offsets (8 each): where each range begins, and where the last one ends
//   ranges    each nothing, or: the first 8 bytes of the SHA-256 of the rest, number of the range (4), entries (4),
//             and the entries (range_coding.hpp)

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/bytes.hpp"
#include "breached/breached.hpp"
#include "crypto/sha1.hpp"

namespace cardea::breached {

inline constexpr std::string_view magic = "cardea breached\n";
inline constexpr std::uint32_t version = 1;
inline constexpr unsigned range_bits = 20;
inline constexpr unsigned rest_bits = 31;
inline constexpr std::size_t ranges = std::size_t{1} << range_bits;
inline constexpr std::size_t head_size = 80;
inline constexpr std::size_t index_size = (ranges + 1) * 8;
inline constexpr std::size_t range_head_size = 16;
/// 2^51 / 10^6.
inline constexpr std::uint64_t most_entries = 2'251'799'813;
/// A list with more has no SHA-1 values: they are spread evenly, some 2,000 to a range of the largest list.
inline constexpr std::uint32_t most_in_range = 65'536;
inline constexpr std::size_t most_range_size = 4 * most_in_range + range_head_size + 64;

/// What is kept of a SHA-1 value.
struct Key {
  std::uint32_t range = 0;
  std::uint32_t rest = 0;
  auto operator<=>(const Key&) const = default;
};
[[nodiscard]] Key key_of(const crypto::Sha1& hash);

struct Head {
  std::uint64_t entries = 0;
  std::int64_t made_at = 0;
  std::uint64_t file_size = 0;
};
/// The head over `index`, the bytes behind it.
[[nodiscard]] std::array<std::uint8_t, head_size> write_head(const Head& head, BytesView index);
/// Errors: breached.unusable, for a head of another version or file, or a damaged index; offsets that are read from a
/// good one ascend and end with the file.
Result<Head> read_head(BytesView head, BytesView index, std::uint64_t file_size);

/// The bytes of a range. `rests` ascend, each once, at most `most_in_range`; none: no bytes.
[[nodiscard]] Bytes write_range(std::uint32_t range, std::span<const std::uint32_t> rests);
/// Whether the range holds the rest; absent when these bytes are not such a range.
[[nodiscard]] std::optional<bool> range_holds(BytesView bytes, const Key& key);

[[nodiscard]] std::uint64_t load(BytesView bytes, std::size_t at, std::size_t size);
void store(std::span<std::uint8_t> bytes, std::size_t at, std::size_t size, std::uint64_t value);

}  // namespace cardea::breached
