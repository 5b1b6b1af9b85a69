#pragma once
// What pages say, in one language: strings of web/*/strings, filled in.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "encoding/value.hpp"
#include "page/expand.hpp"
#include "page/language.hpp"

namespace cardea::page {

/// The strings of one language. A view, cheap to copy; valid as long as the Pages it is of.
class Words {
 public:
  Words(const Language& language, const Strings& strings) : language_(&language), strings_(&strings) {}

  [[nodiscard]] const Language& language() const { return *language_; }
  [[nodiscard]] bool has(std::string_view key) const { return strings_->contains(key); }
  /// The text of one string ("signin.title"); the key itself when missing.
  [[nodiscard]] std::string_view text(std::string_view key) const;
  /// The same with every "{{name}}" replaced by its value, all of which have one. Not escaped: for data, which is
  /// escaped when rendered.
  [[nodiscard]] std::string text(std::string_view key,
                                 const std::vector<std::pair<std::string, std::string>>& values) const;
  /// The string `<key>.<plural category of count>`, with "{{count}}" replaced.
  [[nodiscard]] std::string counted(std::string_view key, std::int64_t count) const;

 private:
  const Language* language_;
  const Strings* strings_;
};

/// A sentence with its variables, "{{name}}", replaced by members of `data`; absent when one of them is not there.
[[nodiscard]] std::optional<std::string> fill(std::string_view sentence, const wire::Object& data);

/// What the sentence about a problem may name: its limit, and `data`.
[[nodiscard]] wire::Object named_in(const FieldError& problem, const wire::Object& data);

/// The string for the problem of an input: `problem.<code>`, or `problem.<code>.<variant>`.
[[nodiscard]] std::string problem_key(const FieldError& problem);

/// A failure as problems: those of its fields, or one of no input. None without a failure. Each is worded by
/// `problem.<code>`, or `problem.<code>.<variant>`; the sentence may name `{{limit}}`, `{{wait}}` and what `data` has.
/// Without a string it stays in the API's English; a debug build throws std::logic_error then.
[[nodiscard]] std::vector<FieldError> problems_of(const Words& words, const Error* error,
                                                  const wire::Object& data = {});

/// "40 seconds", "3 minutes": rounded up, so that whoever waits that long may try again.
[[nodiscard]] std::string wait_text(const Words& words, std::chrono::microseconds wait);

/// An instant for templates: {"iso": "2026-11-23T15:04:05Z", "text": "23 November 2026, 15:04 UTC", "day":
/// "23 November 2026"}.
[[nodiscard]] wire::Value instant(const Words& words, Time at);
/// Its "text" alone, for where there are no templates.
[[nodiscard]] std::string instant_text(const Words& words, Time at);

/// How an input of that name is labelled: by its own label where it has one, or the string `field.<name>`, or its name.
[[nodiscard]] std::string label_of(const Words& words, std::string_view name, std::string_view own_label);

}  // namespace cardea::page
