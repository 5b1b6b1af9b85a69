#include "encoding/base64.hpp"

#include <array>

namespace cardea::encoding {
namespace {

constexpr std::string_view standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_safe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view hex_digits = "0123456789abcdef";

/// What a character stands for; `no_digit`, which no sum of digits hides, for one that stands for nothing.
using Reverse = std::array<std::uint32_t, 256>;
constexpr std::uint32_t no_digit = 0x8000'0000;

constexpr Reverse reverse(std::string_view alphabet) {
  Reverse table{};
  table.fill(no_digit);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint32_t>(i);
  }
  return table;
}

constexpr Reverse from_standard = reverse(standard);
constexpr Reverse from_url_safe = reverse(url_safe);
constexpr Reverse from_hex = reverse(hex_digits);

/// The characters of up to three bytes, without padding: one more than there are bytes.
void append_group(std::string& out, BytesView group, std::string_view alphabet) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < 3; ++i) bits = bits << 8U | (i < group.size() ? group[i] : 0U);
  for (std::size_t i = 0; i <= group.size(); ++i) out += alphabet[bits >> (18U - 6U * i) & 63U];
}

std::string encode(BytesView bytes, std::string_view alphabet) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (; bytes.size() > 3; bytes = bytes.subspan(3)) append_group(out, bytes.first(3), alphabet);
  if (!bytes.empty()) append_group(out, bytes, alphabet);
  return out;
}

/// Bytes that so many characters without padding stand for; absent: none do.
std::optional<std::size_t> decoded_size(std::size_t characters) {
  if (characters % 4 == 1) return std::nullopt;
  return characters * 3 / 4;
}

/// Decodes text without padding into as many bytes; the unused low bits of the last character must be zero.
bool decode(std::string_view text, const Reverse& table, std::span<std::uint8_t> out) {
  const auto digit = [&table](char c) { return table[static_cast<unsigned char>(c)]; };
  std::uint32_t seen = 0;  // the bit of no_digit, if any is among them
  while (text.size() >= 4) {
    // One check of each span's end for a whole group.
    const std::span<const char, 4> four = std::span<const char>{text}.first<4>();
    const std::span<std::uint8_t, 3> three = out.first<3>();
    const std::uint32_t a = digit(four[0]);
    const std::uint32_t b = digit(four[1]);
    const std::uint32_t c = digit(four[2]);
    const std::uint32_t d = digit(four[3]);
    seen |= a | b | c | d;
    const std::uint32_t bits = a << 18U | b << 12U | c << 6U | d;
    three[0] = static_cast<std::uint8_t>(bits >> 16U);
    three[1] = static_cast<std::uint8_t>(bits >> 8U);
    three[2] = static_cast<std::uint8_t>(bits);
    text.remove_prefix(4);
    out = out.subspan<3>();
  }
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    seen |= digit(c);
    bits = bits << 6U | (digit(c) & 63U);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out[0] = static_cast<std::uint8_t>(bits >> count);
    out = out.subspan<1>();
    bits &= (1U << count) - 1U;
  }
  return bits == 0 && (seen & no_digit) == 0;
}

std::optional<Bytes> decode(std::string_view text, const Reverse& table) {
  const auto size = decoded_size(text.size());
  if (!size) return std::nullopt;
  Bytes out(*size);
  if (!decode(text, table, out)) return std::nullopt;
  return out;
}

}  // namespace

std::string base64(BytesView bytes) {
  std::string out = encode(bytes, standard);
  while (out.size() % 4 != 0) out += '=';
  return out;
}

std::optional<Bytes> parse_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  return decode(text, from_standard);
}

std::string base64url(BytesView bytes) { return encode(bytes, url_safe); }

std::optional<Bytes> parse_base64url(std::string_view text) { return decode(text, from_url_safe); }

bool parse_base64url(std::string_view text, std::span<std::uint8_t> out) {
  return decoded_size(text.size()) == out.size() && decode(text, from_url_safe, out);
}

std::string hex(BytesView bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const auto byte : bytes) {
    out += hex_digits[byte >> 4U];
    out += hex_digits[byte & 15U];
  }
  return out;
}

std::optional<Bytes> parse_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const std::uint32_t high = from_hex[static_cast<unsigned char>(text[i])];
    const std::uint32_t low = from_hex[static_cast<unsigned char>(text[i + 1])];
    if (((high | low) & no_digit) != 0) return std::nullopt;
    out.push_back(static_cast<std::uint8_t>(high << 4U | low));
  }
  return out;
}

}  // namespace cardea::encoding
