#include "app/command_tree.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/words.hpp"

namespace cardea::app {
namespace {

/// Two columns, the second aligned.
std::string columns(const std::vector<std::pair<std::string, std::string>>& rows) {
  std::size_t width = 0;
  for (const auto& [left, right] : rows) width = std::max(width, left.size());
  width = std::min<std::size_t>(width, 28);
  std::string text;
  for (const auto& [left, right] : rows) {
    const bool fits = left.size() <= width;
    text += fits ? fmt::format("  {:<{}}  {}\n", left, width, right)
                 : fmt::format("  {}\n  {:<{}}  {}\n", left, "", width, right);
  }
  return text;
}

std::string usage_of(const CommandPath& path) {
  std::string text = words_of(path);
  if (!path.back()->below.empty()) return text + " <command> [options]";
  for (const auto& parameter : path.back()->parameters) {
    if (parameter.is_option()) continue;
    const bool is_list = std::holds_alternative<std::vector<std::string>*>(parameter.into);
    const std::string word = parameter.name + (is_list ? "..." : "");
    text += parameter.is_required ? " " + word : " [" + word + "]";
  }
  return text + " [options]";
}

std::string described(const Parameter& parameter) {
  std::string text = parameter.what;
  if (parameter.is_required && parameter.is_option()) text += " (required)";
  return text;
}

void visit_below(CommandPath& path, const std::function<void(const CommandPath&)>& visit) {
  visit(path);
  for (const auto& child : path.back()->below) {
    path.push_back(&child);
    visit_below(path, visit);
    path.pop_back();
  }
}

std::string commands_text(const CommandPath& path) {
  std::vector<std::pair<std::string, std::string>> rows;
  for (const auto& child : path.back()->below) {
    if (child.below.empty() || path.size() > 1) {
      rows.emplace_back(child.name, child.what);
      continue;
    }
    std::string verbs;
    for (const auto& verb : child.below) verbs += (verbs.empty() ? "" : ", ") + verb.name;
    rows.emplace_back(child.name, child.what + ": " + verbs);
  }
  return "\nCommands:\n" + columns(rows);
}

}  // namespace

const CommandText* CommandText::find(std::string_view child) const {
  const auto found = std::find_if(below.begin(), below.end(), [&](const auto& each) { return each.name == child; });
  return found == below.end() ? nullptr : &*found;
}

std::string words_of(const CommandPath& path) {
  std::string text;
  for (const auto* command : path) text += (text.empty() ? "" : " ") + command->name;
  return text;
}

std::string help_of(const CommandPath& path) {
  const CommandText& command = *path.back();
  std::string text = command.what + ".\n\nUsage: " + usage_of(path) + "\n";
  if (!command.examples.empty()) {
    text += "\nExamples:\n";
    for (const auto& example : command.examples) text += "  " + example.line + "\n      " + example.what + "\n";
  }
  if (!command.below.empty()) text += commands_text(path);
  std::vector<std::pair<std::string, std::string>> words;
  std::vector<std::pair<std::string, std::string>> options;
  for (const auto& parameter : command.parameters) {
    if (!parameter.is_option())
      words.emplace_back(parameter.name, described(parameter));
    else
      options.emplace_back(parameter.name + (parameter.is_flag() ? "" : " " + parameter.value), described(parameter));
  }
  options.emplace_back("--help", "Print this and end");
  if (path.size() == 1) options.emplace_back("--version", "Print the version and end");
  if (!words.empty()) text += "\nWords:\n" + columns(words);
  text += "\nOptions:\n" + columns(options);
  if (!command.below.empty()) text += "\n`cardea help COMMAND` says more of each.\n";
  return text;
}

std::optional<std::string> child_meant(const CommandText& noun, std::string_view word) {
  if (word.size() < 3) return std::nullopt;  // near to everything
  std::vector<std::string> names;
  for (const auto& child : noun.below) names.push_back(child.name);
  return config::nearest(word, names);
}

void walk(const CommandText& root, const std::function<void(const CommandPath&)>& visit) {
  CommandPath path{&root};
  visit_below(path, visit);
}

}  // namespace cardea::app
