#pragma once
// Internal to config: a TOML text as plain data, so that only toml.cpp knows the library.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "base/variant.hpp"

namespace cardea::config {

struct TomlMember;
struct TomlValue;
using TomlArray = std::vector<TomlValue>;
using TomlTable = std::vector<TomlMember>;

struct TomlValue {
  struct Other {};  // a float, a date or a time, which no setting is
  Variant<Other, bool, std::int64_t, std::string, TomlArray, TomlTable> value;
  std::uint32_t line;  // from 1
};

struct TomlMember {
  std::string key;
  TomlValue value;
};

/// Parses TOML 1.0, at most 1 MiB. The error's detail is "LINE: what is wrong".
Result<TomlTable> parse_toml(std::string_view text);

}  // namespace cardea::config
