#include "page/language.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace cardea::page {
namespace {

// unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html, for whole numbers; "many" of the Romance
// languages begins at a million, which no page counts to.
std::string_view plural_of_one(std::int64_t count) { return count == 1 ? "one" : "other"; }
std::string_view plural_up_to_one(std::int64_t count) { return count <= 1 ? "one" : "other"; }
std::string_view no_plural(std::int64_t) { return "other"; }

std::string_view arabic_plural(std::int64_t count) {
  static constexpr std::array<std::string_view, 3> exact{"zero", "one", "two"};
  if (count < std::ssize(exact)) return exact.at(static_cast<std::size_t>(count));
  const auto rest = count % 100;
  if (rest >= 3 && rest <= 10) return "few";
  return rest >= 11 ? "many" : "other";
}

constexpr std::array<Language, 8> all{{{.tag = "en", .name = "English", .plural = plural_of_one},
                                       {.tag = "de", .name = "Deutsch", .plural = plural_of_one},
                                       {.tag = "fr", .name = "Français", .plural = plural_up_to_one},
                                       {.tag = "es", .name = "Español", .plural = plural_of_one},
                                       {.tag = "pt-BR", .name = "Português", .plural = plural_up_to_one},
                                       {.tag = "ja", .name = "日本語", .plural = no_plural},
                                       {.tag = "zh-CN", .name = "简体中文", .plural = no_plural},
                                       {.tag = "ar", .name = "العربية", .is_rtl = true, .plural = arabic_plural}}};

std::string_view first_part(std::string_view tag) { return tag.substr(0, tag.find('-')); }

/// A weight in thousandths; 0 when it is malformed.
int weight_of(std::string_view parameters) {
  const auto at = parameters.find("q=");
  if (at == std::string_view::npos) return text::trim(parameters).empty() ? 1000 : 0;
  auto digits = text::trim(parameters.substr(at + 2));
  if (digits.empty() || (digits.front() != '0' && digits.front() != '1')) return 0;
  int weight = digits.front() == '1' ? 1000 : 0;
  digits.remove_prefix(1);
  if (digits.empty()) return weight;
  if (digits.front() != '.' || digits.size() > 4) return 0;
  int unit = 100;
  for (const char digit : digits.substr(1)) {
    if (digit < '0' || digit > '9') return 0;
    weight += (digit - '0') * unit;
    unit /= 10;
  }
  return std::min(weight, 1000);
}

const Language* offered_for(std::string_view range, std::span<const Language* const> offered) {
  if (const auto* language = find_language(range, offered)) return language;
  const auto beginning = [&](const Language* each) {
    return text::equals_ignoring_case(first_part(each->tag), first_part(range));
  };
  const auto at = std::ranges::find_if(offered, beginning);
  return at == offered.end() ? nullptr : *at;
}

}  // namespace

std::span<const Language> languages() { return all; }
const Language& english() { return all.front(); }

std::vector<std::string> all_tags() {
  std::vector<std::string> tags;
  for (const auto& language : all) tags.emplace_back(language.tag);
  return tags;
}

const Language* find_language(std::string_view tag) {
  const auto at =
      std::ranges::find_if(all, [&](const Language& each) { return text::equals_ignoring_case(each.tag, tag); });
  return at == all.end() ? nullptr : &*at;
}

const Language* find_language(std::string_view tag, std::span<const Language* const> offered) {
  const auto* language = find_language(tag);
  return std::ranges::find(offered, language) == offered.end() ? nullptr : language;
}

const Language* best_language(std::string_view accept_language, std::span<const Language* const> offered) {
  if (accept_language.empty()) return nullptr;
  const Language* best = nullptr;
  int best_weight = 0;
  for (const auto item : text::split(accept_language, ',')) {
    const auto semicolon = item.find(';');
    const auto weight =
        weight_of(semicolon == std::string_view::npos ? std::string_view{} : item.substr(semicolon + 1));
    if (weight <= best_weight) continue;  // of two that are asked for alike the first
    const auto* language = offered_for(text::trim(item.substr(0, semicolon)), offered);
    if (language == nullptr) continue;
    best = language;
    best_weight = weight;
  }
  return best;
}

}  // namespace cardea::page
