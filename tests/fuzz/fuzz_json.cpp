// libraries: encoding
// Whatever is accepted as JSON is valid Unicode, and what is written for it reads back equal and is written the same.

#include "encoding/unicode.hpp"
#include "encoding/value.hpp"
#include "tests/fuzz/require.hpp"

using cardea::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  namespace wire = cardea::wire;
  const auto value = wire::parse(cardea::as_text({data, size}));
  if (!value.ok()) return 0;
  const auto json = wire::to_json(*value);
  require(cardea::unicode::is_utf8(json), "written JSON is UTF-8");
  require(json.find_first_of("<>&") == std::string::npos, "written JSON is inert in HTML");
  const auto again = wire::parse(json);
  require(again.ok(), "written JSON is accepted");
  require(*again == *value, "written JSON means the same");
  require(wire::to_json(*again) == json, "a value has one text");
  return 0;
}
