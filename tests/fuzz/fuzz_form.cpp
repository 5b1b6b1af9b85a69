// libraries: encoding
// An accepted form holds distinct UTF-8 names and values, and re-encoding them gives a form that reads the same.

#include "encoding/form.hpp"
#include "encoding/unicode.hpp"
#include "tests/fuzz/require.hpp"

using cardea::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  namespace encoding = cardea::encoding;
  const auto text = cardea::as_text({data, size});
  if (const auto decoded = encoding::percent_decode(text, false)) {
    require(encoding::percent_decode(encoding::percent_encode(*decoded), false) == decoded,
            "percent-encoding reads back");
  }
  const auto form = encoding::parse_urlencoded(text);
  if (!form.ok()) return 0;
  std::string encoded;
  for (const auto& [name, value] : *form->get<cardea::wire::Object>()) {
    const auto& content = *value.get<std::string>();
    require(!name.empty() && cardea::unicode::is_utf8(name) && cardea::unicode::is_utf8(content), "fields are UTF-8");
    encoded += (encoded.empty() ? "" : "&") + encoding::percent_encode(name) + "=" + encoding::percent_encode(content);
  }
  const auto again = encoding::parse_urlencoded(encoded);
  require(again.ok() && *again == *form, "a re-encoded form reads the same");
  return 0;
}
