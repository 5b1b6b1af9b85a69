#pragma once
// Normalisation forms by ICU; private to this module. ICU loads its tables at the first text that is not ASCII.

#include <string>
#include <string_view>

namespace cardea::unicode {

// All take well-formed UTF-8, else they throw std::invalid_argument. Buffers are wiped: the text may be a password.
[[nodiscard]] std::string nfc(std::string_view text);
[[nodiscard]] std::string nfd(std::string_view text);
/// NFKC with case folding (toNFKC_Casefold of the Unicode standard).
[[nodiscard]] std::string nfkc_casefold(std::string_view text);
/// Nothing in `text` has a compatibility equivalent.
[[nodiscard]] bool is_nfkc(std::string_view text);

}  // namespace cardea::unicode
