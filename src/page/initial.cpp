#include "encoding/unicode.hpp"
#include "encoding/utf8.hpp"
#include "page/page.hpp"

namespace cardea::page {
namespace {

/// What changes the character before it: accents of Latin letters, the form of a kanji or an emoji, a skin tone.
bool belongs_to_the_one_before(char32_t point) {
  return (point >= 0x0300 && point <= 0x036F) || (point >= 0xFE00 && point <= 0xFE0F) ||
         (point >= 0xE0100 && point <= 0xE01EF) || (point >= 0x1F3FB && point <= 0x1F3FF);
}

}  // namespace

std::string initial(std::string_view name) {
  if (name.empty() || !unicode::is_utf8(name)) return {};
  std::size_t end = 0;
  (void)unicode::next_code_point(name, end);
  for (auto next = end; next < name.size(); end = next) {
    const auto point = unicode::next_code_point(name, next);
    if (!point || !belongs_to_the_one_before(*point)) break;
  }
  return std::string{name.substr(0, end)};
}

}  // namespace cardea::page
