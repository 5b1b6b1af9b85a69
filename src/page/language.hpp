#pragma once
// The languages that pages can be in, and which of them a visitor gets.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cardea::page {

struct Language {
  std::string_view tag;   // BCP 47: "pt-BR"; its strings are web/*/strings/<tag>.json
  std::string_view name;  // as those who speak it write it
  bool is_rtl = false;    // written from right to left
  /// The plural category of a whole number from 0 on (CLDR, cardinal): "one", "other" …
  std::string_view (*plural)(std::int64_t count);
};

/// All of them; English, in which every string exists, is the first.
[[nodiscard]] std::span<const Language> languages();
[[nodiscard]] const Language& english();

/// The tags of all, in the order of `languages`.
[[nodiscard]] std::vector<std::string> all_tags();

/// The language of that tag, whatever its case; null: there is none, or it is none of `offered`.
[[nodiscard]] const Language* find_language(std::string_view tag);
[[nodiscard]] const Language* find_language(std::string_view tag, std::span<const Language* const> offered);

/// The one of `offered` that an Accept-Language asks for most (RFC 9110 §12.5.4): by the whole tag, or else by its
/// first part, so that "pt-PT" gets "pt-BR" rather than English. Null: it asks for none of them, or cannot be read.
[[nodiscard]] const Language* best_language(std::string_view accept_language, std::span<const Language* const> offered);

}  // namespace cardea::page
