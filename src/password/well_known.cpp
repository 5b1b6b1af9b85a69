#include "password/well_known.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "encoding/unicode.hpp"
#include "encoding/utf8.hpp"
#include "password/well_known_list.hpp"

namespace cardea::password {
namespace {

/// Letters and digits of a text as compared, and where in the text each byte of them comes from.
struct Folded {
  std::string key;
  std::vector<std::size_t> begins;
  std::vector<std::size_t> ends;
};

/// What a digit or sign is written for; none for a space or any other sign.
std::string_view letter_for(char sign) {
  switch (sign) {
    case '0': return "o";
    case '1':
    case '!':
    case '|':
    case 'l':
    case 'L': return "i";
    case '3': return "e";
    case '4':
    case '@': return "a";
    case '5':
    case '$': return "s";
    case '7':
    case '+': return "t";
    default: return "";
  }
}

std::string folded(std::string_view character) {
  const char first = character.front();
  if (character.size() > 1) return unicode::user_id_key(character);
  if (const auto letter = letter_for(first); !letter.empty()) return std::string{letter};
  const char lower = text::lower(first);
  const bool counts = (lower >= 'a' && lower <= 'z') || (first >= '0' && first <= '9');
  return counts ? std::string{lower} : std::string{};
}

Folded fold(std::string_view text) {
  Folded out;
  out.key.reserve(text.size() * 2);
  for (std::size_t begin = 0, end = 0; begin < text.size(); begin = end) {
    if (!unicode::next_code_point(text, end)) continue;
    const std::string key = folded(text.substr(begin, end - begin));
    out.key += key;
    out.begins.insert(out.begins.end(), key.size(), begin);
    out.ends.insert(out.ends.end(), key.size(), end);
  }
  return out;
}

}  // namespace

std::optional<Secret> without_well_known(std::string_view password) {
  Folded in = fold(password);
  std::string rest{password};
  bool found = false;
  // Taken out characters become line feeds, which no password has; those of the key cannot be found twice either.
  for (const auto phrase : well_known) {
    const std::string key = fold(phrase).key;
    for (std::size_t at = 0; (at = in.key.find(key, at)) != std::string::npos; found = true) {
      const auto begin = static_cast<std::ptrdiff_t>(in.begins[at]);
      const auto end = static_cast<std::ptrdiff_t>(in.ends[at + key.size() - 1]);
      std::fill(rest.begin() + begin, rest.begin() + end, '\n');
      in.key.replace(at, key.size(), key.size(), '\n');
    }
  }
  std::erase(rest, '\n');
  std::optional<Secret> left;
  if (found) left = Secret{rest};
  wipe(rest);
  wipe(in.key);
  return left;
}

}  // namespace cardea::password
