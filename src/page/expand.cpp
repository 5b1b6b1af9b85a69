#include "page/expand.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/text.hpp"

namespace cardea::page {
namespace {

constexpr int max_depth = 8;  // parts inside parts; deeper is a cycle

[[noreturn]] void fail(std::string_view page, std::string_view tag, std::string_view why) {
  throw std::logic_error("template " + std::string{page} + ": {{" + std::string{tag} + "}} " + std::string{why});
}

std::string without_indentation(std::string_view source) {
  std::string out;
  out.reserve(source.size());
  for (const auto line : text::split(source, '\n')) {
    const auto kept = text::trim(line);
    if (kept.empty()) continue;
    if (!out.empty()) out += '\n';
    out += kept;
  }
  return out;
}

/// Letters, digits and "_ . @ /" only. So no tag reaches Mustache that it reads otherwise than we do: its own trimming
/// takes a line break before "&" for nothing, and "&", "{" and "=" would switch escaping off.
bool is_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"_.@/"}.find(c) != std::string_view::npos;
  });
}

class Expansion {
 public:
  Expansion(const Sources& sources, std::string_view name) : sources_(sources), name_(name) {}

  Expanded finish() {
    append(file("layout"), 0);
    for (const auto& name : sections_) result_.variables.erase(name);
    return std::move(result_);
  }

 private:
  std::string_view file(std::string_view name) const {
    const auto found = sources_.pages.find(name);
    if (found == sources_.pages.end()) fail(name_, "> " + std::string{name}, "is not a file");
    return found->second;
  }

  void append(std::string_view source, int depth) {
    if (depth > max_depth) fail(name_, ">", "is nested too deep");
    tags(without_indentation(source), depth);
  }

  void append_all(const std::string& beginning, int depth) {
    const auto& files = sources_.pages;
    for (auto at = files.lower_bound(beginning); at != files.end() && at->first.starts_with(beginning); ++at) {
      append(at->second, depth);
    }
  }

  void add_input(std::string_view name) {
    constexpr std::string_view errors = "errors.";
    if (!name.starts_with(errors)) return;
    name.remove_prefix(errors.size());
    if (std::ranges::find(result_.inputs, name) == result_.inputs.end()) result_.inputs.emplace_back(name);
  }

  void tags(std::string_view source, int depth) {
    while (true) {
      const auto open = source.find("{{");
      result_.text += source.substr(0, open);
      if (open == std::string_view::npos) return;
      const auto close = source.find("}}", open + 2);
      if (close == std::string_view::npos) fail(name_, source.substr(open + 2, 20), "is not closed");
      tag(text::trim(source.substr(open + 2, close - open - 2)), depth);
      source.remove_prefix(close + 2);
    }
  }

  void tag(std::string_view tag, int depth) {
    if (tag.empty()) fail(name_, tag, "is empty");
    const auto rest = text::trim(tag.substr(1));
    if (tag.front() == '!') return;
    const bool is_wildcard = tag.front() == '>' && rest.ends_with('*');
    const auto name = std::string_view{"#^/>"}.find(tag.front()) == std::string_view::npos ? tag : rest;
    if (!is_name(is_wildcard ? name.substr(0, name.size() - 1) : name)) {
      fail(name_, tag, "is not a name: it could print unescaped");
    }
    switch (tag.front()) {
      case '>':
        if (is_wildcard) return append_all("parts/" + std::string{rest.substr(0, rest.size() - 1)}, depth + 1);
        return append(file(rest == "page" ? name_ : "parts/" + std::string{rest}), depth + 1);
      case '#':
      case '^':
        sections_.emplace(rest);
        add_input(rest);
        return keep(tag);
      case '/': return keep(tag);
      default: return variable(tag, depth);
    }
  }

  void variable(std::string_view name, int depth) {
    if (name.starts_with("asset.")) {
      result_.text += escape(known(sources_.assets, name.substr(6), name));
    } else if (name.starts_with("t.")) {
      if (depth > max_depth) fail(name_, name, "is nested too deep");
      auto key = std::string{name.substr(2)};
      if (key.starts_with("@.")) key.replace(0, 1, name_);
      tags(escape(known(sources_.strings, key, name)), depth + 1);
    } else {
      add_input(name);
      if (name != "." && !name.starts_with("values.") && !name.starts_with("errors.")) result_.variables.emplace(name);
      keep(name);
    }
  }

  const std::string& known(const Strings& table, std::string_view key, std::string_view tag) const {
    const auto found = table.find(key);
    if (found == table.end()) fail(name_, tag, "does not exist");
    return found->second;
  }

  void keep(std::string_view tag) {
    result_.text += "{{";
    result_.text += tag;
    result_.text += "}}";
  }

  const Sources& sources_;
  std::string name_;
  Expanded result_;
  std::set<std::string, std::less<>> sections_;
};

}  // namespace

Expanded expand(const Sources& sources, std::string_view name) { return Expansion{sources, name}.finish(); }

std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

}  // namespace cardea::page
