#pragma once
// A telephone number as E.164 has it.

#include <optional>
#include <string>
#include <string_view>

namespace cardea::sms {

class Number {
 public:
  /// "+49 1511 234-5678": a plus and 8 to 15 ASCII digits that begin with the calling code of a country; among the
  /// digits single spaces, hyphens, dots, slashes and pairs of parentheses, as people write them. Absent for anything
  /// else: digits of other scripts, letters, extensions, "00" in place of the plus, and a "(0)", which is dialled
  /// within a country alone.
  [[nodiscard]] static std::optional<Number> parse(std::string_view text);

  /// "+4915112345678".
  [[nodiscard]] const std::string& text() const { return text_; }
  /// "4915112345678".
  [[nodiscard]] std::string_view digits() const { return std::string_view{text_}.substr(1); }
  /// "+49". Where several countries share a code, those that have area codes of their own are told apart: "+1876".
  [[nodiscard]] std::string_view calling_code() const { return std::string_view{text_}.substr(0, code_size_); }
  /// All but the last three digits: numbers that are handed out together share them.
  [[nodiscard]] std::string_view block() const { return std::string_view{text_}.substr(0, text_.size() - 3); }
  /// "•••• 78": so much of it is shown to whoever has not shown to be its owner.
  [[nodiscard]] std::string hint() const;

 private:
  Number(std::string text, std::size_t code_size) : text_(std::move(text)), code_size_(code_size) {}
  std::string text_;
  std::size_t code_size_;
};

/// Whether this is a calling code as `Number::calling_code` gives it: "+49".
[[nodiscard]] bool is_calling_code(std::string_view text);

}  // namespace cardea::sms
