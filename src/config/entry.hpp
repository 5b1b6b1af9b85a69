#pragma once
// Internal to config: what a Section's calls record.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/section.hpp"

namespace cardea::config {

struct Flag {
  bool* value;
};
struct Integer {
  std::int64_t* value;
  IntegerRange range;
};
struct Span {
  Duration* value;
  SpanRange range;
};
struct Text {
  std::string* value;
};
struct Choice {
  std::vector<std::string_view> texts;           // of the enum's values, literals
  std::function<std::string_view()> get;         // the text of the present value
  std::function<void(std::string_view)> set;     // takes one of `texts`
};
struct Texts {
  std::vector<std::string>* value;
};
struct SecretFile {
  Secret* value;
  std::string path = {};
};
struct Tables {
  std::function<std::size_t()> size;
  std::function<void(std::size_t)> resize;
  std::function<void(Section&, std::size_t)> describe;
  std::vector<std::unique_ptr<Section>> items = {};  // bound to the variables read from file or environment
};
using Binding = std::variant<Flag, Integer, Span, Text, Choice, Texts, SecretFile, Tables>;

struct Entry {
  std::string key;
  std::string doc;
  Binding binding;
  std::string default_text = {};  // as TOML, taken when the entry was bound; empty for tables
  bool is_set = false;            // by the file or the environment
  std::string set_at = {};        // "cardea.toml:3: " or "CARDEA_URL: ", as a message begins; empty for a default
};

}  // namespace cardea::config
