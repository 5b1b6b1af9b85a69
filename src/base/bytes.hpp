#pragma once
// Bytes and views of them. Text that is not known to be text is bytes.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace cardea {

using Bytes = std::vector<std::uint8_t>;
using BytesView = std::span<const std::uint8_t>;

/// Views the bytes of `text`; valid as long as `text` is.
inline BytesView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Views `bytes` as text; valid as long as `bytes` is. Says nothing about the encoding.
inline std::string_view as_text(BytesView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

inline Bytes to_bytes(BytesView bytes) { return {bytes.begin(), bytes.end()}; }
inline Bytes to_bytes(std::string_view text) { return to_bytes(as_bytes(text)); }

}  // namespace cardea
