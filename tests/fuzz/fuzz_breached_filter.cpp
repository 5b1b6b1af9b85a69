// libraries: breached
// Whatever bytes stand where a filter or one of its ranges should be: nothing is read beside them, and what was written
// is read back.

#include <algorithm>
#include <vector>

#include "breached/filter_layout.hpp"
#include "breached/range_coding.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cardea;
  using namespace cardea::breached;
  using fuzz::require;
  const BytesView bytes{data, size};
  (void)read_head(bytes.first(std::min(size, head_size)), bytes.subspan(std::min(size, head_size)), size);
  if (size < 8) return 0;
  const auto number = static_cast<std::uint32_t>(load(bytes, 0, 4) >> 1U);
  const auto count = static_cast<std::size_t>(load(bytes, 4, 4) % most_in_range) + 1;
  (void)range_holds(bytes.subspan(4), {.range = static_cast<std::uint32_t>(count), .rest = number});
  if (const auto rest = bytes.subspan(8); rest.size() >= shape_of(count).size()) {
    (void)holds(rest.first(shape_of(count).size()), count, number);
  }
  std::vector<std::uint32_t> numbers;
  for (std::size_t at = 0; at + 4 <= size && numbers.size() < most_in_range; at += 4) {
    numbers.push_back(static_cast<std::uint32_t>(load(bytes, at, 4) >> 1U));
  }
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  const Bytes range = write_range(7, numbers);
  for (const auto each : numbers) {
    require(range_holds(range, {.range = 7, .rest = each}) == true, "what was written is there");
  }
  const bool is_one = std::binary_search(numbers.begin(), numbers.end(), number ^ 1U);
  require(range_holds(range, {.range = 7, .rest = number ^ 1U}) == is_one, "and nothing else");
  return 0;
}
