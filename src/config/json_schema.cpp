#include <fmt/format.h>

#include <variant>

#include "config/entry.hpp"
#include "config/load.hpp"
#include "config/sample_item.hpp"
#include "config/words.hpp"

namespace cardea::config {
namespace {

std::string object_schema(const Section& section, bool with_defaults);

/// The members of one key's schema that its type gives it, without braces.
struct TypeSchema {
  std::string path;

  std::string operator()(const Flag&) const { return R"("type":"boolean")"; }
  std::string operator()(const Integer& integer) const {
    return fmt::format(R"("type":"integer","minimum":{},"maximum":{})", integer.range.min, integer.range.max);
  }
  std::string operator()(const Span&) const { return R"("type":"string","pattern":"^[0-9]+(us|ms|s|m|h|d)$")"; }
  std::string operator()(const Text&) const { return R"("type":"string")"; }
  std::string operator()(const SecretFile&) const { return R"("type":"string")"; }
  std::string operator()(const Texts&) const { return R"("type":"array","items":{"type":"string"})"; }
  std::string operator()(const Choice& choice) const {
    std::string values;
    for (const auto value : choice.texts) values += (values.empty() ? "" : ",") + quoted(value);
    return fmt::format(R"("enum":[{}])", values);
  }
  std::string operator()(const Tables& tables) const {
    const SampleItem sample{tables, path};
    return fmt::format(R"("type":"array","items":{{{}}})", object_schema(sample.section(), false));
  }
};

std::string object_schema(const Section& section, bool with_defaults) {
  std::string members;
  const auto add = [&members](std::string_view key, const std::string& schema) {
    members += fmt::format("{}{}:{{{}}}", members.empty() ? "" : ",", quoted(key), schema);
  };
  for (const auto& entry : section.entries()) {
    std::string schema = std::visit(TypeSchema{join(section.path(), entry->key)}, entry->binding);
    schema += R"(,"description":)" + quoted(entry->doc);
    if (with_defaults && !entry->default_text.empty()) schema += R"(,"default":)" + entry->default_text;
    add(entry->key, schema);
  }
  for (const auto& child : section.sections()) {
    const std::size_t dot = child->path().rfind('.');
    add(dot == std::string::npos ? child->path() : child->path().substr(dot + 1), object_schema(*child, with_defaults));
  }
  return fmt::format(R"("type":"object","additionalProperties":false,"properties":{{{}}})", members);
}

}  // namespace

std::string json_schema(const Section& root) {
  return fmt::format(
      "{{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":\"Cardea settings\",{}}}\n",
      object_schema(root, true));
}

}  // namespace cardea::config
