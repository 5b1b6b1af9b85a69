// libraries: encoding
// Bytes survive, and no accepted text is other than what would be written.

#include "encoding/base64.hpp"
#include "tests/fuzz/require.hpp"

using cardea::fuzz::require;
namespace encoding = cardea::encoding;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const cardea::BytesView bytes{data, size};
  const auto text = cardea::as_text(bytes);
  require(encoding::parse_base64(encoding::base64(bytes)) == cardea::to_bytes(bytes), "base64 reads back");
  require(encoding::parse_base64url(encoding::base64url(bytes)) == cardea::to_bytes(bytes), "base64url reads back");
  require(encoding::parse_hex(encoding::hex(bytes)) == cardea::to_bytes(bytes), "hex reads back");
  if (const auto read = encoding::parse_base64(text))
    require(encoding::base64(*read) == text, "base64 has one spelling");
  if (const auto read = encoding::parse_base64url(text))
    require(encoding::base64url(*read) == text, "base64url has one spelling");
  if (const auto read = encoding::parse_hex(text)) require(encoding::hex(*read) == text, "hex has one spelling");
  return 0;
}
