#include <fmt/format.h>
#include <fmt/ranges.h>

#include <variant>

#include "config/entry.hpp"
#include "config/load.hpp"
#include "config/sample_item.hpp"
#include "config/words.hpp"

namespace cardea::config {
namespace {

struct TypeText {
  std::string operator()(const Flag&) const { return "true or false"; }
  std::string operator()(const Integer& integer) const {
    const std::string range = range_text(integer.range);
    return range == "any integer" ? range : "integer, " + range;
  }
  std::string operator()(const Span& span) const { return "span, " + range_text(span.range); }
  std::string operator()(const Text&) const { return "text"; }
  std::string operator()(const Choice& choice) const {
    return fmt::format("one of `{}`", fmt::join(choice.texts, "`, `"));
  }
  std::string operator()(const Texts&) const { return "list of texts"; }
  std::string operator()(const SecretFile&) const { return "path of a secret's file, or `credential:NAME`"; }
  std::string operator()(const Tables&) const { return "list of tables, below"; }
};

std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string code(std::string_view text) { return text.empty() ? std::string{} : fmt::format("`{}`", text); }

void append_section(std::string& out, const Section& section, std::string_view title);

/// The rows of an item have no default and no environment name: the whole list has them.
void append_tables(std::string& out, const Entry& entry, const Tables& tables, const std::string& path) {
  const SampleItem sample{tables, path};
  out += fmt::format("\n## `[[{}]]`\n\n{}\n\n| Key | Type | Meaning |\n|---|---|---|\n", path, entry.doc);
  for (const auto& one : sample.section().entries()) {
    out += fmt::format("| `{}` | {} | {} |\n", one->key, cell(std::visit(TypeText{}, one->binding)), cell(one->doc));
  }
  for (const auto& child : sample.section().sections()) append_section(out, *child, code("[" + child->path() + "]"));
}

void append_section(std::string& out, const Section& section, std::string_view title) {
  if (!section.entries().empty()) {
    out += fmt::format("\n## {}\n\n| Key | Type | Default | Environment | Meaning |\n|---|---|---|---|---|\n", title);
  }
  for (const auto& entry : section.entries()) {
    const std::string path = join(section.path(), entry->key);
    out += fmt::format("| `{}` | {} | {} | `{}` | {} |\n", entry->key, cell(std::visit(TypeText{}, entry->binding)),
                       cell(code(entry->default_text)), environment_name(path), cell(entry->doc));
  }
  for (const auto& entry : section.entries()) {
    if (const auto* tables = std::get_if<Tables>(&entry->binding)) {
      append_tables(out, *entry, *tables, join(section.path(), entry->key));
    }
  }
  for (const auto& child : section.sections()) append_section(out, *child, code("[" + child->path() + "]"));
}

}  // namespace

std::string reference(const Section& root) {
  std::string out =
      "# Settings\n\n"
      "One TOML file; a variable of the environment overrides its key. A span of time is a whole number and one unit: "
      "`us`, `ms`, `s`, `m`, `h`, `d`. An unknown key or variable stops the start.\n";
  append_section(out, root, "Top of the file");
  return out;
}

}  // namespace cardea::config
