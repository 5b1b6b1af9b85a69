#include "password/guess.hpp"

#include <zxcvbn.h>

#include <algorithm>
#include <new>

#include "base/secret.hpp"
#include "base/text.hpp"
#include "password/keyboard.hpp"
#include "password/unchecked_memory.hpp"
#include "password/well_known.hpp"

namespace cardea::password {
namespace {

constexpr double which_ends = 6.0;         // to try years and the like around a word, instead of all digits
constexpr double which_well_known = 2.0;   // to try the well known ones first
constexpr std::ptrdiff_t most_end_digits = 8;  // a date
constexpr std::ptrdiff_t most_end_signs = 3;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_sign(char c) {
  const char lower = text::lower(c);
  return c > 0 && !is_digit(c) && (lower < 'a' || lower > 'z');
}

/// What the rest repeats: `summer24summer24` is `summer24`, in any ASCII case, and so is `summer24summer`.
std::string_view once(std::string_view text) {
  const auto same = [](char a, char b) { return text::lower(a) == text::lower(b); };
  for (std::size_t period = 1; period < text.size(); ++period) {
    if (std::equal(text.begin() + static_cast<std::ptrdiff_t>(period), text.end(), text.begin(), same)) {
      return text.substr(0, period);
    }
  }
  return text;
}

/// Without a date's worth of digits, and a few signs, at the ends. The whole when more than that is there, or when
/// digits stand within it too: that is how random strings look.
std::string_view between_digits(std::string_view text) {
  const auto is_end = [](char c) { return is_digit(c) || is_sign(c); };
  const auto first = std::find_if_not(text.begin(), text.end(), is_end);
  const auto last = std::find_if_not(text.rbegin(), std::make_reverse_iterator(first), is_end).base();
  const auto digits = std::count_if(text.begin(), first, is_digit) + std::count_if(last, text.end(), is_digit);
  const auto signs = std::count_if(text.begin(), first, is_sign) + std::count_if(last, text.end(), is_sign);
  const bool is_word = digits <= most_end_digits && signs <= most_end_signs && std::none_of(first, last, is_digit);
  return is_word ? std::string_view{first, last} : text;
}

double zxcvbn_bits(std::string_view text, const std::vector<std::string>& words) {
  std::vector<const char*> listed;
  for (const auto& word : words) listed.push_back(word.c_str());
  listed.push_back(nullptr);
  std::string copy{text};  // the C interface wants a terminating zero
  double bits = 0;
  const bool is_done = finds_memory([&] { bits = ZxcvbnMatch(copy.c_str(), listed.data(), nullptr); });
  wipe(copy);
  if (!is_done) throw std::bad_alloc{};
  return bits;
}

double plain_bits(std::string_view text, const std::vector<std::string>& words) {
  const auto part = once(text);
  return part.empty() ? 0 : std::min(zxcvbn_bits(part, words), keyboard_bits(part));
}

double bits_of(std::string_view text, const std::vector<std::string>& words) {
  const double whole = plain_bits(text, words);
  const auto core = between_digits(text);
  return core.size() == text.size() ? whole : std::min(whole, plain_bits(core, words) + which_ends);
}

}  // namespace

double guess_bits(std::string_view password, const std::vector<std::string>& words) {
  const double whole = bits_of(password, words);
  const auto rest = without_well_known(password);
  return rest ? std::min(whole, bits_of(rest->reveal(), words) + which_well_known) : whole;
}

}  // namespace cardea::password
