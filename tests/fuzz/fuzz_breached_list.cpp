// libraries: breached
// Whatever lines stand in a list: each is one key, or nothing, or refused; and what is taken is a key that can be.

#include "base/text.hpp"
#include "breached/list_line.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cardea;
  using namespace cardea::breached;
  using fuzz::require;
  ListLines lines;
  for (const auto line : text::split(std::string_view{reinterpret_cast<const char*>(data), size}, '\n')) {
    const auto key = lines.read(line);
    if (!key) {
      require(key.error().is(unusable) && !key.error().detail.empty(), "a refusal says why");
    } else if (*key) {
      require((*key)->range < ranges && (*key)->rest >> rest_bits == 0, "a key is in its bounds");
      require(line.size() >= 37 && line.find(':') >= 35, "a key has a hash");
    }
  }
  return 0;
}
