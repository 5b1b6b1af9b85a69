#include "encoding/base32.hpp"

#include <cstdint>
#include <string_view>

namespace cardea::encoding {

std::string base32(BytesView bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string text;
  text.reserve((bytes.size() * 8 + 4) / 5);
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const std::uint8_t byte : bytes) {
    held = held << 8U | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[held >> (bits - 5) & 31U];
  }
  if (bits > 0) text += alphabet[held << (5 - bits) & 31U];
  return text;
}

}  // namespace cardea::encoding
