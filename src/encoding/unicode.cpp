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

bool is_variation_selector(char32_t code) { return code >= 0xfe00 && code <= 0xfe0f; }

bool joins(char32_t code) { return u_getIntPropertyValue(icu(code), UCHAR_JOINING_TYPE) != U_JT_NON_JOINING; }

/// The contexts in which RFC 5892 appendix A allows the joiners: after a virama, or inside cursive writing.
bool is_joiner_in_place(std::u32string_view text, std::size_t at) {
  if (at == 0 || at + 1 == text.size()) return false;
  const char32_t before = text[at - 1];
  const char32_t after = text[at + 1];
  constexpr std::uint32_t letter = U_GC_L_MASK | U_GC_M_MASK;
  if (!has_category(before, letter) || !has_category(after, letter)) return false;
  return u_getCombiningClass(icu(before)) == 9 || (joins(before) && joins(after));
}

bool is_forbidden(std::u32string_view text, std::size_t at) {
  const char32_t code = text[at];
  if (code < 0x80) return code < 0x20 || code == 0x7f;
  if (code == zwnj || code == zwj) return !is_joiner_in_place(text, at);
  // They choose an emoji's picture; anywhere else they would be invisible letters.
  if (is_variation_selector(code)) return at == 0 || is_space(text[at - 1]) || is_variation_selector(text[at - 1]);
  constexpr std::uint32_t forbidden =
      U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CO_MASK | U_GC_CN_MASK | U_GC_ZL_MASK | U_GC_ZP_MASK;
  return has_category(code, forbidden) || u_hasBinaryProperty(icu(code), UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0;
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
