#include "security_notice/letter.hpp"

#include <charconv>
#include <optional>

#include "page/client_words.hpp"

namespace cardea::security_notice {
namespace {

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t number = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (text.empty() || read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return number;
}

std::string subject_of(const page::Words& words, const Told& told) {
  const bool is_new = told.concern == audit::Concern::new_browser;
  return std::string{words.text(is_new ? "letter.notice.new_browser" : "event." + told.event)};
}

std::string line(const page::Words& words, std::string_view key, std::string_view value) {
  return words.text("letter.notice." + std::string{key}, {{"value", std::string{value}}});
}

}  // namespace

mail::Letter letter_of(const page::Words& words, std::string_view url, const identity::Account& account,
                       const Told& told) {
  const auto subject = subject_of(words, told);
  mail::Letter letter{.subject = subject,
                      .before = {words.text("letter.notice.text",
                                            {{"account", identity::account_label(account)}, {"event", subject}})}};
  letter.before.push_back(line(words, "time", page::instant_text(words, told.at)));
  if (told.by_other) letter.before.emplace_back(words.text("letter.notice.by_other"));
  if (!told.by_other) letter.before.push_back(line(words, "browser", page::browser_text(words, told.user_agent)));
  if (!told.network.empty()) letter.before.push_back(line(words, "network", told.network));
  if (const auto left = number_in(told.left)) {
    letter.before.push_back(words.counted("letter.notice.codes_left", *left));
  }
  letter.link =
      mail::Link{.label = std::string{words.text("letter.notice.link")}, .url = std::string{url} + "/activity"};
  letter.after = {std::string{words.text("letter.notice.not_you")}};
  return letter;
}

}  // namespace cardea::security_notice
