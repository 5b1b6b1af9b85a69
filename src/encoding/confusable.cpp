// Keys under which ids that look the same collide (UTS #39).

#include <dlfcn.h>
#include <unicode/uchar.h>
#include <unicode/uspoof.h>
#include <unicode/uvernum.h>

#include <stdexcept>

#include "base/secret.hpp"
#include "encoding/normalize.hpp"
#include "encoding/unicode.hpp"
#include "encoding/utf8.hpp"

namespace cardea::unicode {
namespace {

/// ICU has its look-alikes in a library of their own, which keeps a megabyte in memory: it is loaded when the first
/// user id or new password is looked at, and not at all by a server that only signs people in. Never unloaded.
void* library() {
  static void* const loaded = [] {
    void* handle = dlopen("libicui18n.so." U_ICU_VERSION_SHORT, RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) throw std::runtime_error{"ICU cannot be loaded: " + std::string{dlerror()}};
    return handle;
  }();
  return loaded;
}

/// The function of that name, which ends with ICU's version; the first argument tells its type.
template <class Function>
Function* find(Function*, const char* name) {
  void* const found = dlsym(library(), name);
  if (found == nullptr) throw std::runtime_error{"ICU lacks " + std::string{name}};
  return reinterpret_cast<Function*>(found);
}

/// Opened at the first use, because its tables are large; never changed, so every thread may use it.
const USpoofChecker* checker() {
  static const USpoofChecker* const opened = [] {
    auto* const open = find(decltype(&uspoof_open){}, "uspoof_open_" U_ICU_VERSION_SHORT);
    UErrorCode status = U_ZERO_ERROR;
    const USpoofChecker* fresh = open(&status);
    if (U_FAILURE(status)) throw std::runtime_error(u_errorName(status));
    return fresh;
  }();
  return opened;
}

std::string skeleton(std::string_view text) {
  static auto* const to_skeleton =
      find(decltype(&uspoof_getSkeletonUTF8){}, "uspoof_getSkeletonUTF8_" U_ICU_VERSION_SHORT);
  for (std::size_t capacity = text.size() * 4 + 16;; capacity *= 4) {
    std::string out(capacity, '\0');
    UErrorCode status = U_ZERO_ERROR;
    const auto size = to_skeleton(checker(), 0, text.data(), static_cast<std::int32_t>(text.size()), out.data(),
                                  static_cast<std::int32_t>(out.size()), &status);
    if (status == U_BUFFER_OVERFLOW_ERROR) continue;
    if (U_FAILURE(status)) throw std::runtime_error(u_errorName(status));
    out.resize(static_cast<std::size_t>(size));
    return out;
  }
}

std::string folded_skeleton(char32_t code) {
  std::string one;
  append_utf8(one, code);
  return nfkc_casefold(skeleton(one));
}

/// What a code point looks like as it is written, else what its other case looks like. Ids are shown as their owners
/// write them: Greek Ν is taken for N although ν is taken for v. The other case is for whoever changes it before
/// showing.
std::string looks(char32_t code) {
  const auto point = static_cast<UChar32>(code);
  std::string lower = folded_skeleton(static_cast<char32_t>(u_tolower(point)));
  for (auto& look : {folded_skeleton(code), folded_skeleton(static_cast<char32_t>(u_toupper(point)))}) {
    if (is_ascii(look)) return look;
  }
  return lower;
}

/// Each code point as its ASCII look if it has one. The dot above an i is already there.
std::string to_ascii_looks(std::string_view text) {
  std::string decomposed = nfd(text);
  auto codes = decode(decomposed);
  wipe(decomposed);
  if (!codes) throw std::invalid_argument("text is not UTF-8");
  std::string out;
  out.reserve(text.size() * 2);
  bool has_dot = false;
  for (const char32_t code : *codes) {
    if (code == 0x307 && has_dot) continue;
    has_dot = u_hasBinaryProperty(u_tolower(static_cast<UChar32>(code)), UCHAR_SOFT_DOTTED) != 0;
    out += code < 0x80 ? std::string(1, static_cast<char>(code)) : looks(code);
  }
  wipe(codes->data(), codes->size() * sizeof(char32_t));
  return out;
}

}  // namespace

std::string confusable_skeleton(std::string_view user_id) {
  std::string shown = is_ascii(user_id) ? std::string{user_id} : to_ascii_looks(user_id);
  std::string folded = nfkc_casefold(shown);
  std::string skeletal = skeleton(folded);
  std::string key = nfkc_casefold(skeletal);
  for (auto* copy : {&shown, &folded, &skeletal}) wipe(*copy);
  // UTS #39 equates I with l, but folding has made the I an i.
  for (char& c : key) c = c == 'i' ? 'l' : c;
  return key;
}

}  // namespace cardea::unicode
