#include <unicode/uchar.h>
#include <unicode/uidna.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

#include "base/text.hpp"
#include "encoding/normalize.hpp"
#include "encoding/unicode.hpp"
#include "encoding/utf8.hpp"

namespace cardea::unicode {
namespace {

constexpr std::size_t max_address = 254;  // RFC 5321 §4.5.3.1.3, without the brackets
constexpr std::size_t max_local = 64;
constexpr std::size_t max_label = 63;
constexpr std::size_t max_domain = 253;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alphanumeric(char c) { return is_digit(c) || (text::lower(c) >= 'a' && text::lower(c) <= 'z'); }

/// atext of RFC 5322 §3.2.3, and of RFC 6532 only what names are written with.
bool is_atom_code(char32_t code) {
  if (code < 0x80) {
    const char c = static_cast<char>(code);
    return is_alphanumeric(c) || std::string_view{"!#$%&'*+-/=?^_`{|}~"}.find(c) != std::string_view::npos;
  }
  constexpr std::uint32_t allowed = U_GC_L_MASK | U_GC_ND_MASK | U_GC_MN_MASK | U_GC_MC_MASK;
  const auto point = static_cast<UChar32>(code);
  return (U_GET_GC_MASK(point) & allowed) != 0 && u_hasBinaryProperty(point, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) == 0;
}

bool is_dot_atom(std::string_view local) {
  const auto codes = decode(local);
  if (!codes) return false;
  char32_t previous = U'.';
  for (const char32_t code : *codes) {
    if (code == U'.' ? previous == U'.' : !is_atom_code(code)) return false;
    previous = code;
  }
  return previous != U'.';
}

bool is_host_label(std::string_view label) {
  return !label.empty() && label.size() <= max_label && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(), [](char c) { return is_alphanumeric(c) || c == '-'; });
}

using Idna = std::unique_ptr<UIDNA, decltype(&uidna_close)>;

/// Opened at the first international domain; never changed, so every thread may use it.
const UIDNA* idna() {
  static const Idna opened = [] {
    constexpr std::uint32_t options = UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ |
                                      UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE;
    UErrorCode status = U_ZERO_ERROR;
    Idna fresh{uidna_openUTS46(options, &status), &uidna_close};
    if (U_FAILURE(status)) throw std::runtime_error(u_errorName(status));
    return fresh;
  }();
  return opened.get();
}

std::optional<std::string> punycode(std::string_view domain) {
  std::array<char, max_domain + 2> out{};
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  UErrorCode status = U_ZERO_ERROR;
  const auto size = uidna_nameToASCII_UTF8(idna(), domain.data(), static_cast<std::int32_t>(domain.size()), out.data(),
                                           static_cast<std::int32_t>(out.size()), &info, &status);
  if (status == U_BUFFER_OVERFLOW_ERROR) return std::nullopt;
  if (U_FAILURE(status)) throw std::runtime_error(u_errorName(status));
  if (info.errors != 0) return std::nullopt;
  return std::string{out.data(), static_cast<std::size_t>(size)};
}

/// The domain in lower case and ASCII.
std::optional<std::string> host(std::string_view domain) {
  std::string name = text::lower(domain);
  const bool international = !is_ascii(name) || name.find("xn--") != std::string::npos;
  if (international) {
    auto encoded = punycode(domain);
    if (!encoded) return std::nullopt;
    name = std::move(*encoded);
  }
  if (name == "localhost") return name;
  const auto labels = text::split(name, '.');
  if (name.size() > max_domain || labels.size() < 2) return std::nullopt;
  if (!std::all_of(labels.begin(), labels.end(), is_host_label)) return std::nullopt;
  // No top-level domain is a number; this is an IP address.
  if (std::all_of(labels.back().begin(), labels.back().end(), is_digit)) return std::nullopt;
  return name;
}

}  // namespace

std::optional<std::string> email(std::string_view text) {
  // NFC shortens nothing by more than a few times, so what is far too long need not be normalised.
  if (text.size() > 4 * max_address || !is_utf8(text)) return std::nullopt;
  const auto at = text.find('@');
  if (at == std::string_view::npos || text.find('@', at + 1) != std::string_view::npos) return std::nullopt;
  std::string address = nfc(text.substr(0, at));
  if (address.empty() || address.size() > max_local || !is_dot_atom(address)) return std::nullopt;
  const auto domain = host(text.substr(at + 1));
  if (!domain) return std::nullopt;
  address += '@';
  address += *domain;
  if (address.size() > max_address) return std::nullopt;
  return address;
}

std::string email_key(std::string_view email) { return nfkc_casefold(email); }

}  // namespace cardea::unicode
