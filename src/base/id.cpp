#include "base/id.hpp"

#include <algorithm>

namespace cardea {
namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
static_assert(raw_id_digits * 5 == 130);  // bits; the top two are always zero

int value_of(char c) {
  const auto at = alphabet.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

}  // namespace

RawId make_raw_id(Time now, Random& random) {
  RawId raw{};
  auto millis = static_cast<std::uint64_t>(std::max<std::int64_t>(0, to_micros(now) / 1000));
  for (int i = 5; i >= 0; --i) {
    raw[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(millis & 0xFFU);
    millis >>= 8U;
  }
  random.fill(std::span{raw}.subspan(6));
  return raw;
}

std::array<char, raw_id_digits> digits_of(const RawId& id) {
  std::array<char, raw_id_digits> digits{};
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    high = high << 8U | id[i];
    low = low << 8U | id[i + 8];
  }
  // From the end, five bits each.
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    *digit = alphabet[low & 31U];
    low = low >> 5U | high << 59U;
    high >>= 5U;
  }
  return digits;
}

std::optional<RawId> raw_id_from_text(std::string_view prefix, std::string_view text) {
  if (text.size() != prefix.size() + raw_id_digits || !text.starts_with(prefix)) return std::nullopt;
  RawId raw{};
  unsigned pending = 0;
  int bits = -2;  // the two leading zero bits are dropped
  std::size_t out = 0;
  for (const char c : text.substr(prefix.size())) {
    const int value = value_of(c);
    if (value < 0) return std::nullopt;
    if (bits == -2 && value > 7) return std::nullopt;  // would need more than 128 bits
    pending = (pending << 5U) | static_cast<unsigned>(value);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      raw[out++] = static_cast<std::uint8_t>((pending >> static_cast<unsigned>(bits)) & 0xFFU);
      pending &= (1U << static_cast<unsigned>(bits)) - 1U;
    }
  }
  return raw;
}

}  // namespace cardea
