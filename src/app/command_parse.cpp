#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>

#include "app/command_tree.hpp"
#include "app/say.hpp"
#include "config/words.hpp"

namespace cardea::app {
namespace {

constexpr int wrong_usage = 2;

int misused(const CommandPath& path, const std::string& why) {
  const bool is_sentence = why.ends_with('?') || why.ends_with('.');
  complain(why + (is_sentence ? " See `" : ". See `") + words_of(path) + " --help`.");
  return wrong_usage;
}

int show_help(const CommandPath& path) {
  fmt::print("{}", help_of(path));
  return 0;
}

bool asks_for_help(const std::string& word) { return word == "--help" || word == "-h"; }

/// Whether an option of this name takes a value in some command of the tree, so that it is known what a word before the
/// command is.
bool takes_value(const CommandText& command, std::string_view option) {
  return std::any_of(command.parameters.begin(), command.parameters.end(),
                     [&](const auto& each) { return each.name == option && !each.is_flag(); }) ||
         std::any_of(command.below.begin(), command.below.end(),
                     [&](const auto& each) { return takes_value(each, option); });
}

/// The words, taken apart: which command, and what is left for it.
struct Found {
  CommandPath path;
  std::vector<std::string> rest;
  std::optional<std::string> unknown = {};  // a word where a command should be
};

Found find_command(const CommandText& root, const std::vector<std::string>& words) {
  Found found{.path = {&root}, .rest = {}};
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const CommandText* child = found.path.back()->find(word);
    if (child != nullptr) {
      found.path.push_back(child);
      continue;
    }
    const bool is_noun = !found.path.back()->below.empty();
    if (is_noun && !word.starts_with("-")) {
      found.unknown = word;
      break;
    }
    if (!is_noun) {
      found.rest.insert(found.rest.end(), words.begin() + static_cast<std::ptrdiff_t>(i), words.end());
      break;
    }
    found.rest.push_back(word);
    if (takes_value(root, word) && i + 1 < words.size()) found.rest.push_back(words[++i]);
  }
  return found;
}

/// The command of that very name somewhere else in the tree: `cardea block` for `cardea user block`.
std::string command_elsewhere(const CommandText& root, const std::string& name) {
  std::string found;
  walk(root, [&](const CommandPath& path) {
    if (found.empty() && path.size() > 2 && path.back()->name == name) found = words_of(path);
  });
  return found;
}

int unknown_command(const CommandText& root, const Found& found) {
  const std::string& word = *found.unknown;
  const auto near = child_meant(*found.path.back(), word);
  const auto line = words_of(found.path);
  const auto meant = near ? line + " " + *near : command_elsewhere(root, word);
  return misused(found.path, fmt::format("there is no `{} {}`", line, word) +
                                 (meant.empty() ? "" : fmt::format("; did you mean `{}`?", meant)));
}

void add(CLI::App& parser, const Parameter& parameter) {
  const auto bind = [&](auto* into) -> CLI::Option* {
    if constexpr (std::is_same_v<decltype(into), bool*>)
      return parser.add_flag(parameter.name, *into);
    else
      return parser.add_option(parameter.name, *into);
  };
  CLI::Option* option = std::visit(bind, parameter.into);
  option->required(parameter.is_required);
  if (parameter.is_there) option->check(CLI::ExistingFile);
  if (!parameter.choices.empty()) option->check(CLI::IsMember(parameter.choices));
  if (parameter.range) option->check(CLI::Range(parameter.range->first, parameter.range->second));
}

/// The option that was probably meant where one is unknown.
std::optional<std::string> option_meant(const CommandText& command, const std::vector<std::string>& words) {
  std::vector<std::string> names{"--help"};
  for (const auto& parameter : command.parameters) {
    if (parameter.is_option()) names.push_back(parameter.name);
  }
  for (const auto& word : words) {
    const auto name = word.substr(0, word.find('='));
    if (!name.starts_with("--") || std::find(names.begin(), names.end(), name) != names.end()) continue;
    if (auto meant = config::nearest(name, names)) return meant;
  }
  return std::nullopt;
}

std::string without_line_end(std::string text) {
  while (text.ends_with('\n') || text.ends_with('.')) text.pop_back();
  return text;
}

/// Fills in the parameters. Absent: the command may run; else the exit code.
std::optional<int> parse(const CommandPath& path, const std::vector<std::string>& words) {
  const CommandText& command = *path.back();
  CLI::App parser{command.what, words_of(path)};
  for (const auto& parameter : command.parameters) add(parser, parameter);
  try {
    std::vector<std::string> reversed{words.rbegin(), words.rend()};  // as CLI11 takes them
    parser.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    return show_help(path);
  } catch (const CLI::ExtrasError& problem) {
    const auto meant = option_meant(command, words);
    return misused(path, without_line_end(problem.what()) + (meant ? "; did you mean `" + *meant + "`?" : ""));
  } catch (const CLI::ParseError& problem) {
    return misused(path, without_line_end(problem.what()));
  }
  return std::nullopt;
}

/// A word that is empty, or an option whose value is: of a variable that is not set, most often.
bool is_empty_word(const std::string& word) { return word.empty() || (word.starts_with("--") && word.ends_with('=')); }

/// `help user block` is `user block --help`.
std::vector<std::string> with_help_as_option(std::vector<std::string> words) {
  if (words.empty() || words.front() != "help") return words;
  words.erase(words.begin());
  words.emplace_back("--help");
  return words;
}

}  // namespace

int run_words(const CommandText& root, std::vector<std::string> words) {
  words = with_help_as_option(std::move(words));
  const auto found = find_command(root, words);
  if (std::any_of(words.begin(), words.end(), is_empty_word)) {
    return misused(found.path, "a word is empty; is a variable not set?");
  }
  if (found.unknown) return unknown_command(root, found);
  if (found.path.back()->below.empty()) {
    // The parser is gone by then: a server runs for long and has no more use for it.
    const auto end = parse(found.path, found.rest);
    return end ? *end : found.path.back()->run();
  }
  if (found.rest.empty() || std::any_of(found.rest.begin(), found.rest.end(), asks_for_help)) {
    return show_help(found.path);
  }
  if (found.path.size() == 1 && (found.rest.front() == "--version" || found.rest.front() == "-V")) {
    return root.find("version")->run();
  }
  return misused(found.path, "no command is named beside " + found.rest.front());
}

}  // namespace cardea::app
