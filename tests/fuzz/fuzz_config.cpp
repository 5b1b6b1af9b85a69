// libraries: config
// Any file is either refused with a message or loads to settings that print as a file which loads to the same.

#include <optional>
#include <string_view>

#include "src/config/test_settings.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cardea::config;
  const std::string_view toml{reinterpret_cast<const char*>(data), size};
  if (toml.find("pepper_file") != std::string_view::npos) return 0;  // would open files by fuzzed names

  Settings first;
  std::string shown;
  const std::string problem = load_into(first, toml, {}, &shown);
  if (!problem.empty()) {
    for (const char c : problem) cardea::fuzz::require(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f));
    return 0;
  }
  Settings second;
  cardea::fuzz::require(load_into(second, shown).empty());
  cardea::fuzz::require(first.plain() == second.plain());
  return 0;
}
