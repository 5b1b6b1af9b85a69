#include "note/excerpt.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace cardea::note {
namespace {

constexpr std::size_t words_length = 60;
constexpr std::size_t excerpt_length = 600;
constexpr std::size_t excerpt_lines = 12;
constexpr std::string_view more = "…";

/// The bytes of the first `count` code points of well-formed UTF-8.
std::size_t bytes_of(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  while (at < text.size() && count-- > 0) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
  }
  return at;
}

std::size_t bytes_of_lines(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  while (count-- > 0) {
    at = text.find('\n', at);
    if (at == std::string_view::npos) return text.size();
    ++at;
  }
  return at - 1;
}

}  // namespace

std::string first_words(std::string_view text) {
  std::string_view line;
  while (line.empty() && !text.empty()) {
    const auto end = text.find('\n');
    line = text::trim(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  const auto kept = bytes_of(line, words_length);
  std::string words{line.substr(0, kept)};
  if (kept < line.size()) words += more;
  return words;
}

Excerpt excerpt_of(std::string_view text) {
  const auto kept = std::min(bytes_of(text, excerpt_length), bytes_of_lines(text, excerpt_lines));
  if (kept == text.size()) return {.text = std::string{text}};
  return {.text = std::string{text.substr(0, kept)}.append(more), .is_cut = true};
}

}  // namespace cardea::note
