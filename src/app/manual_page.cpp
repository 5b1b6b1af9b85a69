#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "app/command_tree.hpp"

namespace cardea::app {
namespace {

/// Text as roff takes it: a backslash, and a period or apostrophe at the beginning of a line, mean something there.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool begins_line = out.empty() || out.back() == '\n';
    if (begins_line && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  return out;
}

std::string parameters_text(const CommandText& command) {
  std::string text;
  for (const auto& parameter : command.parameters) {
    const std::string value = parameter.value.empty() ? "" : " \\fI" + roff(parameter.value) + "\\fR";
    text += ".TP\n\\fB" + roff(parameter.name) + "\\fR" + value + "\n" + roff(parameter.what) + ".\n";
  }
  return text;
}

std::string synopsis(const CommandPath& path) {
  std::string text = "\\fB" + roff(words_of(path)) + "\\fR";
  for (const auto& parameter : path.back()->parameters) {
    if (parameter.is_option()) continue;
    text += parameter.is_required ? " \\fI" + roff(parameter.name) + "\\fR" : " [\\fI" + roff(parameter.name) + "\\fR]";
  }
  return text + " [\\fIoptions\\fR]\n";
}

std::string examples_text(const CommandText& command) {
  std::string text;
  for (const auto& example : command.examples) {
    text += ".PP\n" + roff(example.what) + ":\n.PP\n.nf\n    " + roff(example.line) + "\n.fi\n";
  }
  return text;
}

constexpr std::string_view exit_status = R"(.SH EXIT STATUS
0 done, 1 failed, 2 called wrongly, 3 not found, 4 not permitted, 5 in conflict with what is there, 6 done in part.
)";

}  // namespace

std::string page_name(const CommandPath& path) {
  std::string name = words_of(path);
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

std::string manual_page(const CommandPath& path, std::string_view version) {
  std::string upper = page_name(path);
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return std::toupper(c); });
  std::string text = fmt::format(".TH {} 1 \"\" \"cardea {}\" \"User Commands\"\n.SH NAME\n{} \\- {}\n.SH SYNOPSIS\n",
                                 roff(upper), roff(version), roff(page_name(path)), roff(path.back()->what));
  std::string commands;
  for (const auto& child : path.back()->below) {
    CommandPath below = path;
    below.push_back(&child);
    if (!child.below.empty()) {
      commands += ".TP\n\\fB" + roff(words_of(below)) + "\\fR\n" + roff(child.what) + "; see \\fB" +
                  roff(page_name(below)) + "\\fR(1).\n";
      continue;
    }
    commands += ".SS \"" + roff(words_of(below)) + "\"\n" + roff(child.what) + ".\n.PP\n" + synopsis(below) +
                parameters_text(child) + examples_text(child);
  }
  text += path.back()->below.empty() ? synopsis(path) : "\\fB" + roff(words_of(path)) + "\\fR \\fIcommand\\fR\n";
  text += ".SH DESCRIPTION\n" + roff(path.back()->what) + ".\n";
  if (!path.back()->parameters.empty()) text += ".SH OPTIONS\n" + parameters_text(*path.back());
  if (!commands.empty()) text += ".SH COMMANDS\n" + commands;
  if (!path.back()->examples.empty()) text += ".SH EXAMPLES\n" + examples_text(*path.back());
  return text + std::string{exit_status};
}

}  // namespace cardea::app
