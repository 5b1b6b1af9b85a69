#include <cstdint>

#include "encoding/unicode.hpp"
#include "page/page.hpp"

namespace cardea::page {
namespace {

/// The code point at the beginning of well-formed text, and its length in bytes.
struct Head {
  char32_t point;
  std::size_t size;
};

Head head_of(std::string_view text) {
  const auto byte = [&text](std::size_t at) { return static_cast<char32_t>(static_cast<unsigned char>(text[at])); };
  const auto rest = [&byte](std::size_t at) { return byte(at) & 0x3F; };
  const auto first = byte(0);
  if (first < 0x80) return {first, 1};
  if (first < 0xE0) return {(first & 0x1F) << 6 | rest(1), 2};
  if (first < 0xF0) return {(first & 0x0F) << 12 | rest(1) << 6 | rest(2), 3};
  return {(first & 0x07) << 18 | rest(1) << 12 | rest(2) << 6 | rest(3), 4};
}

/// What changes the character before it: accents of Latin letters, the form of a kanji or an emoji, a skin tone.
bool belongs_to_the_one_before(char32_t point) {
  return (point >= 0x0300 && point <= 0x036F) || (point >= 0xFE00 && point <= 0xFE0F) ||
         (point >= 0xE0100 && point <= 0xE01EF) || (point >= 0x1F3FB && point <= 0x1F3FF);
}

}  // namespace

std::string initial(std::string_view name) {
  if (name.empty() || !unicode::is_utf8(name)) return {};
  auto size = head_of(name).size;
  while (size < name.size()) {
    const auto next = head_of(name.substr(size));
    if (!belongs_to_the_one_before(next.point)) break;
    size += next.size;
  }
  return std::string{name.substr(0, size)};
}

}  // namespace cardea::page
