// libraries: config
// Any file is either refused with a printable message or loads to settings that print as a file which loads to the
// same.

#include <algorithm>
#include <string_view>

#include "base/bytes.hpp"
#include "config/test_settings.hpp"
#include "tests/fuzz/require.hpp"

using cardea::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  namespace config = cardea::config;
  const std::string_view toml = cardea::as_text({data, size});
  if (toml.find("epper") != std::string_view::npos) return 0;  // would open files whose names the fuzzer makes up

  config::Settings first;
  std::string shown;
  const std::string problem = config::load_into(first, toml, {}, &shown);
  if (!problem.empty()) {
    require(std::all_of(problem.begin(), problem.end(),
                        [](unsigned char c) { return c == '\n' || (c >= 0x20 && c != 0x7f); }),
            "a message is printable");
    return 0;
  }
  config::Settings second;
  require(config::load_into(second, shown).empty(), "what is shown loads");
  require(first.plain() == second.plain(), "what is shown means the same");
  return 0;
}
