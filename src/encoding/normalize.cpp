#include "encoding/normalize.hpp"

#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include <stdexcept>

#include "base/secret.hpp"
#include "base/text.hpp"
#include "encoding/utf8.hpp"

namespace cardea::unicode {
namespace {

/// UTF-16 text, which is what ICU's C interface works on; wiped when it goes.
class Utf16 {
 public:
  explicit Utf16(std::size_t capacity) : units_(capacity, u'\0') {}
  explicit Utf16(std::string_view text) : Utf16(text.size()) {
    UErrorCode status = U_ZERO_ERROR;
    std::int32_t size = 0;
    u_strFromUTF8(units_.data(), capacity(), &size, text.data(), static_cast<std::int32_t>(text.size()), &status);
    if (U_FAILURE(status)) throw std::invalid_argument("text is not UTF-8");
    set_size(size);
  }
  ~Utf16() { wipe(units_.data(), units_.size() * sizeof(char16_t)); }
  Utf16(const Utf16&) = delete;
  Utf16& operator=(const Utf16&) = delete;

  [[nodiscard]] UChar* data() { return units_.data(); }
  [[nodiscard]] const UChar* data() const { return units_.data(); }
  [[nodiscard]] std::int32_t capacity() const { return static_cast<std::int32_t>(units_.size()); }
  [[nodiscard]] std::int32_t size() const { return size_; }
  void set_size(std::int32_t size) { size_ = size; }

  [[nodiscard]] std::string utf8() const {
    std::string out(static_cast<std::size_t>(size_) * 3, '\0');
    UErrorCode status = U_ZERO_ERROR;
    std::int32_t bytes = 0;
    u_strToUTF8(out.data(), static_cast<std::int32_t>(out.size()), &bytes, data(), size_, &status);
    if (U_FAILURE(status)) throw std::runtime_error(u_errorName(status));
    out.resize(static_cast<std::size_t>(bytes));
    return out;
  }

 private:
  std::u16string units_;
  std::int32_t size_ = 0;
};

using Instance = const UNormalizer2* (*)(UErrorCode*);

const UNormalizer2* open(Instance instance) {
  UErrorCode status = U_ZERO_ERROR;
  const auto* normalizer = instance(&status);
  if (U_FAILURE(status)) throw std::runtime_error(u_errorName(status));
  return normalizer;
}

std::string normalized(std::string_view text, Instance instance) {
  const auto* normalizer = open(instance);
  const Utf16 source{text};
  // One code point can become eighteen (U+FDFA), so the first try may not suffice.
  for (std::size_t capacity = text.size() * 2 + 16;; capacity *= 4) {
    Utf16 target{capacity};
    UErrorCode status = U_ZERO_ERROR;
    target.set_size(
        unorm2_normalize(normalizer, source.data(), source.size(), target.data(), target.capacity(), &status));
    if (status == U_BUFFER_OVERFLOW_ERROR) continue;
    if (U_FAILURE(status)) throw std::runtime_error(u_errorName(status));
    return target.utf8();
  }
}

}  // namespace

std::string nfc(std::string_view text) {
  return is_ascii(text) ? std::string{text} : normalized(text, unorm2_getNFCInstance);
}

std::string nfd(std::string_view text) {
  return is_ascii(text) ? std::string{text} : normalized(text, unorm2_getNFDInstance);
}

std::string nfkc_casefold(std::string_view text) {
  return is_ascii(text) ? text::lower(text) : normalized(text, unorm2_getNFKCCasefoldInstance);
}

bool is_nfkc(std::string_view text) {
  if (is_ascii(text)) return true;
  const Utf16 source{text};
  UErrorCode status = U_ZERO_ERROR;
  const bool normal = unorm2_isNormalized(open(unorm2_getNFKCInstance), source.data(), source.size(), &status) != 0;
  if (U_FAILURE(status)) throw std::runtime_error(u_errorName(status));
  return normal;
}

}  // namespace cardea::unicode
