#include "encoding/unicode.hpp"

#include <unicode/uchar.h>

#include "base/secret.hpp"

#include "encoding/normalize.hpp"
#include "encoding/utf8.hpp"

namespace cardea::unicode {
namespace {

constexpr char32_t zwnj = 0x200c;
constexpr char32_t zwj = 0x200d;

UChar32 icu(char32_t code) { return static_cast<UChar32>(code); }

bool has_category(char32_t code, std::uint32_t mask) { return (U_GET_GC_MASK(icu(code)) & mask) != 0; }

bool is_space(char32_t code) { return code == U' ' || (code >= 0x80 && has_category(code, U_GC_ZS_MASK)); }

bool has(char32_t code, UProperty property) { return u_hasBinaryProperty(icu(code), property) != 0; }

bool is_variation_selector(char32_t code) { return code >= 0xfe00 && code <= 0xfe0f; }
/// They choose among the shapes of an ideograph (UTS 37).
bool is_ideographic_selector(char32_t code) { return code >= 0xe0100 && code <= 0xe01ef; }
/// They choose among the shapes of a Mongolian letter.
bool is_mongolian_selector(char32_t code) { return (code >= 0x180b && code <= 0x180d) || code == 0x180f; }
bool is_mongolian(char32_t code) { return code >= 0x1800 && code <= 0x18af && has(code, UCHAR_ALPHABETIC); }
/// Of the flags of regions (UTS 51): a black flag, tags that spell the region, and the tag that ends it.
bool is_tag(char32_t code) { return code >= 0xe0020 && code <= 0xe007f; }
constexpr char32_t black_flag = 0x1f3f4;
constexpr char32_t emoji_look = 0xfe0f;

bool joins(char32_t code) { return u_getIntPropertyValue(icu(code), UCHAR_JOINING_TYPE) != U_JT_NON_JOINING; }

/// Whether a ZWJ here makes one picture of two (UTS 51): behind an emoji, whatever varies it, and before another.
bool joins_pictures(std::u32string_view text, std::size_t at) {
  std::size_t before = at;
  while (before > 0 && (text[before - 1] == emoji_look || has(text[before - 1], UCHAR_EMOJI_MODIFIER))) --before;
  return before > 0 && has(text[before - 1], UCHAR_EXTENDED_PICTOGRAPHIC) &&
         has(text[at + 1], UCHAR_EXTENDED_PICTOGRAPHIC);
}

/// The contexts in which RFC 5892 appendix A allows the joiners: after a virama, at the end of a name too, or inside
/// cursive writing; and what joins emoji.
bool is_joiner_in_place(std::u32string_view text, std::size_t at) {
  constexpr std::uint8_t virama = 9;  // its canonical combining class
  if (at == 0) return false;
  const char32_t before = text[at - 1];
  if (u_getCombiningClass(icu(before)) == virama) return true;
  if (at + 1 == text.size()) return false;
  const char32_t after = text[at + 1];
  if (text[at] == zwj && joins_pictures(text, at)) return true;
  constexpr std::uint32_t letter = U_GC_L_MASK | U_GC_M_MASK;
  if (!has_category(before, letter) || !has_category(after, letter)) return false;
  return joins(before) && joins(after);
}

/// Tags are in place behind the flag, and end: anywhere else they would be invisible text.
bool is_tag_in_place(std::u32string_view text, std::size_t at) {
  constexpr char32_t end_of_tags = 0xe007f;
  constexpr std::size_t most = 7;  // of a region, with the end
  std::size_t first = at;
  while (first > 0 && is_tag(text[first - 1]) && text[first - 1] != end_of_tags) --first;
  std::size_t last = at;
  while (last + 1 < text.size() && text[last] != end_of_tags && is_tag(text[last + 1])) ++last;
  return first > 0 && text[first - 1] == black_flag && text[last] == end_of_tags && last - first < most;
}

/// Whether a selector stands behind what it varies, and varies it once.
bool is_selector_in_place(std::u32string_view text, std::size_t at) {
  if (at == 0) return false;
  const char32_t code = text[at];
  const char32_t varied = text[at - 1];
  if (is_ideographic_selector(code)) return has(varied, UCHAR_IDEOGRAPHIC);
  if (is_mongolian_selector(code)) return is_mongolian(varied);
  return !is_space(varied) && !is_variation_selector(varied) && !has(varied, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

/// Letters that are newer than the tables of this program are letters too; what can never be one is not.
bool may_be_a_new_letter(char32_t code) {
  return has_category(code, U_GC_CN_MASK) && !has(code, UCHAR_NONCHARACTER_CODE_POINT) &&
         !has(code, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

bool is_forbidden(std::u32string_view text, std::size_t at) {
  const char32_t code = text[at];
  if (code < 0x80) return code < 0x20 || code == 0x7f;
  if (code == zwnj || code == zwj) return !is_joiner_in_place(text, at);
  // They choose the shape of what is before them; anywhere else they would be invisible letters.
  if (is_variation_selector(code) || is_ideographic_selector(code) || is_mongolian_selector(code)) {
    return !is_selector_in_place(text, at);
  }
  if (is_tag(code)) return !is_tag_in_place(text, at);
  if (may_be_a_new_letter(code)) return false;
  constexpr std::uint32_t forbidden =
      U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CO_MASK | U_GC_CN_MASK | U_GC_ZL_MASK | U_GC_ZP_MASK;
  return has_category(code, forbidden) || has(code, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

bool has_forbidden(std::u32string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_forbidden(text, i)) return true;
  }
  return false;
}

}  // namespace

bool has_forbidden(std::string_view text) {
  const auto codes = decode(text);
  return !codes || has_forbidden(std::u32string_view{*codes});
}

std::optional<std::string> display_name(std::string_view text) {
  // Normalising takes time that grows with the square of a run of combining marks; no name is that long.
  if (text.size() > 4096 || !is_utf8(text)) return std::nullopt;
  // Normalised first: reordering marks may move a joiner out of its place.
  const auto codes = decode(nfc(text));
  if (!codes || has_forbidden(std::u32string_view{*codes})) return std::nullopt;
  std::u32string folded;
  for (const char32_t code : *codes) {
    if (!is_space(code))
      folded += code;
    else if (!folded.empty() && folded.back() != U' ')
      folded += U' ';
  }
  if (!folded.empty() && folded.back() == U' ') folded.pop_back();
  return encode(folded);
}

std::optional<std::string> opaque_string(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::string mapped;
  mapped.reserve(text.size());  // no space becomes longer, so nothing is left behind in a smaller buffer
  for (std::size_t i = 0; i < text.size();) {
    const auto code = next_code_point(text, i);
    if (!code || has_category(*code, U_GC_CC_MASK)) {
      wipe(mapped);
      return std::nullopt;
    }
    append_utf8(mapped, is_space(*code) ? U' ' : *code);
  }
  std::string normal = nfc(mapped);
  wipe(mapped);
  return normal;
}

}  // namespace cardea::unicode
