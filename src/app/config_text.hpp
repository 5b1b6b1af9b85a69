#pragma once
// Text of a configuration in nested blocks, as other programs read it.

#include <string>
#include <string_view>

namespace cardea::app {

/// Whether a path can stand in every such configuration, and in a shell, as it is.
[[nodiscard]] bool is_plain_path(std::string_view path);

class ConfigText {
 public:
  /// `step` is what a block is moved in by.
  explicit ConfigText(std::string step) : step_(std::move(step)) {}

  /// "head {"; in a format without braces give "head" to `line` and call `deeper`.
  void open(std::string_view head);
  void close();
  void deeper() { ++depth_; }
  void back() { --depth_; }
  void line(std::string_view text);
  void comment(std::string_view text) { line("# " + std::string{text}); }
  void blank() { text_ += '\n'; }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string step_;
  std::string text_;
  int depth_ = 0;
};

}  // namespace cardea::app
