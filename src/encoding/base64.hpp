#pragma once
// Bytes as text. Strict: one text per value, so a token cannot be re-spelled.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace cardea::encoding {

/// RFC 4648 §4, with padding.
[[nodiscard]] std::string base64(BytesView bytes);
/// Refuses missing or surplus padding, white space, other alphabets and non-zero trailing bits.
[[nodiscard]] std::optional<Bytes> parse_base64(std::string_view text);

/// RFC 4648 §5, without padding.
[[nodiscard]] std::string base64url(BytesView bytes);
[[nodiscard]] std::optional<Bytes> parse_base64url(std::string_view text);
/// The same into `out`; false, with anything in `out`, unless the text stands for exactly so many bytes.
[[nodiscard]] bool parse_base64url(std::string_view text, std::span<std::uint8_t> out);

/// Lower-case hexadecimal; only lower case is read back.
[[nodiscard]] std::string hex(BytesView bytes);
[[nodiscard]] std::optional<Bytes> parse_hex(std::string_view text);

}  // namespace cardea::encoding
