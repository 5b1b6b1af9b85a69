#pragma once
// The description of the command line, from which come parsing, help, suggestions, completion and manual pages.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace cardea::app {

/// An option of a command, or a word that it takes.
struct Parameter {
  /// Where the value goes. A list takes all words that are left.
  using Into =
      std::variant<bool*, std::string*, std::optional<std::string>*, std::optional<int>*, std::vector<std::string>*>;
  std::string name;   // "--since"; without dashes a word: "WHO"
  std::string value;  // what stands for the option's value in help: "TIME"; empty for a flag and for a word
  std::string what;   // one line
  Into into;
  bool is_required = false;
  bool is_there = false;                                 // names a file that must exist
  std::vector<std::string> choices = {};                 // nothing else is taken
  std::optional<std::pair<int, int>> range = {};         // of a number
  [[nodiscard]] bool is_option() const { return name.starts_with("--"); }
  [[nodiscard]] bool is_flag() const { return std::holds_alternative<bool*>(into); }
};

struct Example {
  std::string line;  // "cardea user block ann"
  std::string what;
};

/// A command, or a noun with commands below it.
struct CommandText {
  std::string name;
  std::string what;  // one line
  std::vector<Parameter> parameters = {};
  std::vector<Example> examples = {};
  std::function<int()> run = {};  // empty for a noun
  std::vector<CommandText> below = {};

  [[nodiscard]] const CommandText* find(std::string_view child) const;
};

/// A command and what leads to it, the root first.
using CommandPath = std::vector<const CommandText*>;

/// "cardea user block".
[[nodiscard]] std::string words_of(const CommandPath& path);
/// What --help prints.
[[nodiscard]] std::string help_of(const CommandPath& path);
/// The child that was probably meant by `word`.
[[nodiscard]] std::optional<std::string> child_meant(const CommandText& noun, std::string_view word);

/// Finds the command that the words name, reads its parameters and runs it; options may stand before it. Returns the
/// exit code: 2, after a line on standard error that says what is wrong, when the words are none of the tree's.
int run_words(const CommandText& root, std::vector<std::string> words);

/// Calls `visit` for the root and everything below it.
void walk(const CommandText& root, const std::function<void(const CommandPath&)>& visit);

/// A script for "bash", "zsh" or "fish".
[[nodiscard]] std::string completion_script(const CommandText& root, std::string_view shell);

/// The manual page of a command and of everything below it, in section 1, as man(7) writes it.
[[nodiscard]] std::string manual_page(const CommandPath& path, std::string_view version);
/// The name of that page: "cardea-user".
[[nodiscard]] std::string page_name(const CommandPath& path);

}  // namespace cardea::app
