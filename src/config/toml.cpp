#include "config/toml.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <utility>

#include "config/load.hpp"

namespace cardea::config {
namespace {

TomlTable convert(const toml::table& table);

TomlValue convert(const toml::node& node) {
  TomlValue out{{}, node.source().begin.line};
  if (const auto* flag = node.as_boolean()) {
    out.value = flag->get();
  } else if (const auto* integer = node.as_integer()) {
    out.value = std::int64_t{integer->get()};
  } else if (const auto* text = node.as_string()) {
    out.value = text->get();
  } else if (const auto* array = node.as_array()) {
    TomlArray items;
    for (const auto& item : *array) items.push_back(convert(item));
    out.value = std::move(items);
  } else if (const auto* table = node.as_table()) {
    out.value = convert(*table);
  }
  return out;
}

TomlTable convert(const toml::table& table) {
  TomlTable out;
  for (const auto& [key, node] : table) {
    TomlValue value = convert(node);
    // A table's own source begins at its header; a key's is where an unknown one must be corrected.
    value.line = key.source().begin.line;
    out.push_back({std::string{key.str()}, std::move(value)});
  }
  return out;
}

}  // namespace

Result<TomlTable> parse_toml(std::string_view text) {
  if (text.size() > 1024 * 1024) return Error{wrong_settings, "1: the file is above 1 MiB"};
  try {
    return convert(toml::parse(text));
  } catch (const toml::parse_error& error) {
    std::string what = std::to_string(error.source().begin.line) + ": " + std::string{error.description()};
    std::replace_if(what.begin(), what.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    return Error{wrong_settings, std::move(what)};
  }
}

}  // namespace cardea::config
