#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "app/command_tree.hpp"

namespace cardea::app {
namespace {

/// "/user/block": a command as the scripts know it; empty for the root.
std::string key_of(const CommandPath& path) {
  std::string key;
  for (std::size_t i = 1; i < path.size(); ++i) key += "/" + path[i]->name;
  return key;
}

std::string single_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string{"'\\''"} : std::string(1, c);
  return out + "'";
}

/// What may stand behind a command: its commands, its options.
std::vector<std::pair<std::string, std::string>> words_behind(const CommandText& command) {
  std::vector<std::pair<std::string, std::string>> words;
  for (const auto& child : command.below) words.emplace_back(child.name, child.what);
  for (const auto& parameter : command.parameters) {
    if (parameter.is_option()) words.emplace_back(parameter.name, parameter.what);
  }
  words.emplace_back("--help", "Print help and end");
  return words;
}

/// Calls `visit(option)` once for each option that takes a value.
void each_option(const CommandText& root, const std::function<void(const Parameter&)>& visit) {
  std::vector<std::string> seen;
  walk(root, [&](const CommandPath& path) {
    for (const auto& parameter : path.back()->parameters) {
      const bool is_new = std::find(seen.begin(), seen.end(), parameter.name) == seen.end();
      if (!parameter.is_option() || parameter.is_flag() || !is_new) continue;
      seen.push_back(parameter.name);
      visit(parameter);
    }
  });
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

bool is_place(const Parameter& parameter) { return parameter.value == "FILE" || parameter.value == "FOLDER"; }

/// The loop by which bash and zsh find the command that the words before the cursor name.
std::string find_command_in_shell(const CommandText& root, std::string_view words) {
  std::string keys;
  walk(root, [&](const CommandPath& path) {
    if (path.size() > 1) keys += (keys.empty() ? "" : "|") + key_of(path);
  });
  return fmt::format(
      "  for word in {}; do\n    case \"$at/$word\" in\n      {}) at=\"$at/$word\" ;;\n    esac\n  done\n", words,
      keys);
}

std::string bash(const CommandText& root) {
  std::string text =
      "# bash completion of cardea: cardea completion bash >/etc/bash_completion.d/cardea\n"
      "_cardea() {\n  local at= word cur=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
      "  COMPREPLY=()\n";
  text += find_command_in_shell(root, "\"${COMP_WORDS[@]:1:COMP_CWORD-1}\"");
  text += "  case \"$before\" in\n";
  each_option(root, [&](const Parameter& option) {
    const std::string reply =
        option.choices.empty() ? (is_place(option) ? "mapfile -t COMPREPLY < <(compgen -f -- \"$cur\"); " : "")
                               : "mapfile -t COMPREPLY < <(compgen -W '" + joined(option.choices) + "' -- \"$cur\"); ";
    text += "    " + option.name + ") " + reply + "return ;;\n";
  });
  text += "  esac\n  case \"$at\" in\n";
  walk(root, [&](const CommandPath& path) {
    std::vector<std::string> words;
    for (const auto& [word, what] : words_behind(*path.back())) words.push_back(word);
    text += fmt::format("    '{}') mapfile -t COMPREPLY < <(compgen -W '{}' -- \"$cur\") ;;\n", key_of(path),
                        joined(words));
  });
  return text + "  esac\n}\ncomplete -F _cardea cardea\n";
}

std::string zsh(const CommandText& root) {
  std::string text =
      "#compdef cardea\n# zsh completion of cardea: cardea completion zsh >\"${fpath[1]}/_cardea\"\n"
      "_cardea() {\n  local at= word\n  local -a behind\n";
  text += find_command_in_shell(root, "\"${words[@]:1:CURRENT-2}\"");
  text += "  case \"${words[CURRENT-1]}\" in\n";
  each_option(root, [&](const Parameter& option) {
    const std::string reply =
        option.choices.empty() ? (is_place(option) ? "_files; " : "") : "compadd " + joined(option.choices) + "; ";
    text += "    " + option.name + ") " + reply + "return ;;\n";
  });
  text += "  esac\n  case \"$at\" in\n";
  walk(root, [&](const CommandPath& path) {
    std::string words;
    for (const auto& [word, what] : words_behind(*path.back())) words += " " + single_quoted(word + ":" + what);
    text += fmt::format("    '{}') behind=({} ) ;;\n", key_of(path), words);
  });
  return text + "  esac\n  _describe 'cardea' behind\n}\n_cardea \"$@\"\n";
}

std::string fish(const CommandText& root) {
  std::string keys;
  walk(root, [&](const CommandPath& path) {
    if (path.size() > 1) keys += " " + key_of(path);
  });
  std::string text =
      "# fish completion of cardea: cardea completion fish >~/.config/fish/completions/cardea.fish\n"
      "function __cardea_at\n  set -l at ''\n  for word in (commandline -opc)[2..]\n"
      "    contains -- \"$at/$word\"" +
      keys +
      "; and set at \"$at/$word\"\n  end\n  test \"$at\" = \"$argv[1]\"\nend\n"
      "complete -c cardea -f\n";
  walk(root, [&](const CommandPath& path) {
    const std::string condition = "complete -c cardea -n \"__cardea_at '" + key_of(path) + "'\" ";
    for (const auto& child : path.back()->below) {
      text += condition + "-a " + child.name + " -d " + single_quoted(child.what) + "\n";
    }
    for (const auto& parameter : path.back()->parameters) {
      if (!parameter.is_option()) continue;
      const std::string takes = parameter.is_flag() ? "" : is_place(parameter) ? " -r -F" : " -x";
      const std::string choices = parameter.choices.empty() ? "" : " -a " + single_quoted(joined(parameter.choices));
      text += condition + "-l " + parameter.name.substr(2) + takes + choices + " -d " + single_quoted(parameter.what) +
              "\n";
    }
  });
  return text;
}

}  // namespace

std::string completion_script(const CommandText& root, std::string_view shell) {
  if (shell == "bash") return bash(root);
  if (shell == "zsh") return zsh(root);
  if (shell == "fish") return fish(root);
  throw std::invalid_argument{"no shell that is known"};
}

}  // namespace cardea::app
