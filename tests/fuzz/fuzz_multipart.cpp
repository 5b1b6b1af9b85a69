// libraries: encoding
// The input is a Content-Type, a line feed and a body. Accepted parts, written again, are the same parts.

#include "encoding/form.hpp"
#include "tests/fuzz/require.hpp"

using cardea::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto text = cardea::as_text({data, size});
  const auto line = text.find('\n');
  if (line == std::string_view::npos) return 0;
  const auto parts = cardea::encoding::parse_multipart(text.substr(0, line), text.substr(line + 1));
  if (!parts.ok()) return 0;
  require(parts->size() <= 32, "parts are limited");
  const std::string boundary = "a-boundary-that-no-input-is-likely-to-contain";
  std::string body;
  for (const auto& part : *parts) {
    if (part.content.find(boundary) != std::string::npos) return 0;
    body += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + part.name + "\"";
    if (part.filename) body += "; filename=\"" + *part.filename + "\"";
    body += "\r\n\r\n" + part.content + "\r\n";
  }
  const auto again =
      cardea::encoding::parse_multipart("multipart/form-data; boundary=" + boundary, body + "--" + boundary + "--");
  require(again.ok() && again->size() == parts->size(), "written parts are accepted");
  for (std::size_t i = 0; i < parts->size(); ++i) {
    const auto& before = (*parts)[i];
    const auto& after = (*again)[i];
    require(before.name == after.name && before.filename == after.filename && before.content == after.content,
            "parts survive");
  }
  return 0;
}
