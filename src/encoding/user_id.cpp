#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

#include "encoding/normalize.hpp"
#include "encoding/unicode.hpp"
#include "encoding/utf8.hpp"

namespace cardea::unicode {
namespace {

UChar32 icu(char32_t code) { return static_cast<UChar32>(code); }

/// Full-width and half-width forms become the ordinary ones (RFC 8265 §3.4.1).
std::u32string map_width(std::u32string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const auto* nfkc = unorm2_getNFKCInstance(&status);
  std::u32string out;
  for (const char32_t code : text) {
    const auto type = u_getIntPropertyValue(icu(code), UCHAR_DECOMPOSITION_TYPE);
    if (type != U_DT_WIDE && type != U_DT_NARROW) {
      out += code;
      continue;
    }
    std::array<UChar, 8> mapped{};
    const auto size = unorm2_getRawDecomposition(nfkc, icu(code), mapped.data(), mapped.size(), &status);
    if (U_FAILURE(status) || size < 0) throw std::runtime_error(u_errorName(status));
    // All of them decompose within the first plane.
    for (std::int32_t i = 0; i < size; ++i) out += mapped[static_cast<std::size_t>(i)];
  }
  return out;
}

/// PRECIS IdentifierClass (RFC 8264 §4.2) but for compatibility forms, which are looked for in the whole text.
bool is_identifier_code(char32_t code) {
  if (code < 0x80) return code > 0x20 && code < 0x7f;
  constexpr std::uint32_t allowed = U_GC_L_MASK | U_GC_ND_MASK | U_GC_MN_MASK | U_GC_MC_MASK;
  const auto syllable = u_getIntPropertyValue(icu(code), UCHAR_HANGUL_SYLLABLE_TYPE);
  const bool old_jamo =
      syllable == U_HST_LEADING_JAMO || syllable == U_HST_VOWEL_JAMO || syllable == U_HST_TRAILING_JAMO;
  return (U_GET_GC_MASK(icu(code)) & allowed) != 0 && !old_jamo &&
         u_hasBinaryProperty(icu(code), UCHAR_DEFAULT_IGNORABLE_CODE_POINT) == 0;
}

bool is_mark(char32_t code) { return code >= 0x80 && (U_GET_GC_MASK(icu(code)) & U_GC_M_MASK) != 0; }

/// Digits of two scripts in one id are indistinguishable to readers of one of them.
bool has_one_kind_of_digits(std::u32string_view text) {
  char32_t zero = 0;
  for (const char32_t code : text) {
    const auto digit = u_charType(icu(code)) == U_DECIMAL_DIGIT_NUMBER ? u_charDigitValue(icu(code)) : -1;
    if (digit < 0) continue;
    const char32_t its_zero = code - static_cast<char32_t>(digit);
    if (zero != 0 && zero != its_zero) return false;
    zero = its_zero;
  }
  return true;
}

bool is_right_to_left(UCharDirection direction) {
  return direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC || direction == U_ARABIC_NUMBER;
}

bool may_stand_in_right_to_left(UCharDirection direction) {
  constexpr std::array allowed{
      U_EUROPEAN_NUMBER, U_EUROPEAN_NUMBER_SEPARATOR, U_COMMON_NUMBER_SEPARATOR, U_EUROPEAN_NUMBER_TERMINATOR,
      U_OTHER_NEUTRAL,   U_BOUNDARY_NEUTRAL,          U_DIR_NON_SPACING_MARK};
  return is_right_to_left(direction) || std::find(allowed.begin(), allowed.end(), direction) != allowed.end();
}

/// The bidi rule (RFC 5893 §2), which binds only text with right-to-left characters.
bool obeys_bidi_rule(std::u32string_view text) {
  std::vector<UCharDirection> directions;
  for (const char32_t code : text) directions.push_back(u_charDirection(icu(code)));
  if (std::none_of(directions.begin(), directions.end(), is_right_to_left)) return true;
  if (!std::all_of(directions.begin(), directions.end(), may_stand_in_right_to_left)) return false;
  const auto has = [&](UCharDirection wanted) {
    return std::find(directions.begin(), directions.end(), wanted) != directions.end();
  };
  if (has(U_EUROPEAN_NUMBER) && has(U_ARABIC_NUMBER)) return false;
  const auto first = directions.front();
  while (directions.back() == U_DIR_NON_SPACING_MARK) directions.pop_back();
  const auto last = directions.back();
  return (first == U_RIGHT_TO_LEFT || first == U_RIGHT_TO_LEFT_ARABIC) &&
         (is_right_to_left(last) || last == U_EUROPEAN_NUMBER);
}

}  // namespace

std::optional<std::string> user_id(std::string_view text) {
  // Normalising takes time that grows with the square of a run of combining marks; no user id is that long.
  if (text.size() > 1024) return std::nullopt;
  const auto codes = decode(text);
  if (!codes || codes->empty()) return std::nullopt;
  std::string id = is_ascii(text) ? std::string{text} : nfc(encode(map_width(*codes)));
  const auto final_codes = decode(id);
  if (!final_codes || !std::all_of(final_codes->begin(), final_codes->end(), is_identifier_code)) return std::nullopt;
  if (is_ascii(id)) return id;
  if (is_mark(final_codes->front()) || !is_nfkc(id)) return std::nullopt;
  if (!has_one_kind_of_digits(*final_codes) || !obeys_bidi_rule(*final_codes)) return std::nullopt;
  return id;
}

std::string user_id_key(std::string_view user_id) { return nfkc_casefold(user_id); }

}  // namespace cardea::unicode
