// libraries: edge
// Whatever bytes arrive, a head that is accepted has one reading: one Content-Length, or one Transfer-Encoding that is
// "chunked", or neither; no bare LF, no folded line.

#include <string>

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "edge/framing.hpp"
#include "edge/head_parser.hpp"
#include "tests/fuzz/require.hpp"

using cardea::fuzz::require;

namespace {

namespace text = cardea::text;

/// The check, written a second time and without the parser.
void require_one_reading(std::string_view head, const cardea::edge::Verdict& verdict) {
  std::size_t lengths = 0;
  std::size_t codings = 0;
  std::size_t hosts = 0;
  for (std::string_view line : text::split(head, '\n')) {
    if (line.empty()) break;
    require(line.ends_with('\r'), "every line ends with CR LF");
    line.remove_suffix(1);
    require(line.find('\r') == std::string_view::npos && line.find('\0') == std::string_view::npos,
            "no bare CR or NUL");
    require(!line.starts_with(' ') && !line.starts_with('\t'), "no line is folded");
    const auto name = text::trim(line.substr(0, line.find(':')));
    const auto value = text::trim(line.substr(line.find(':') + 1));
    if (text::equals_ignoring_case(name, "host")) ++hosts;
    if (text::equals_ignoring_case(name, "transfer-encoding")) {
      ++codings;
      require(text::equals_ignoring_case(value, "chunked"), "no coding but chunked is accepted");
    }
    if (!text::equals_ignoring_case(name, "content-length")) continue;
    ++lengths;
    require(value == std::to_string(verdict.content_length), "the length is what the one field says");
  }
  require(lengths + codings <= 1 && hosts <= 1, "the body's end is told once, and so is the host");
  require(verdict.is_chunked == (codings == 1), "chunks are what the one field says");
  require(lengths == 1 || verdict.content_length == 0, "without the field there is no body");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  namespace edge = cardea::edge;
  const auto received = cardea::as_text({data, size}).substr(0, edge::max_head_size);
  const edge::Scan scan = edge::scan_head(received, 0);
  if (scan.state != edge::Scan::State::complete) return 0;
  require(scan.at <= received.size(), "the head is within what was received");
  const auto head = received.substr(0, scan.at);
  cardea::http::Headers fields;
  edge::HeadParser parser{fields};
  if (parser.parse(head) != nullptr) return 0;
  const edge::Verdict verdict =
      edge::judge({.method = parser.method(), .target = parser.target(), .version = parser.version(), .fields = fields},
                  edge::read_target(parser.method(), parser.target()));
  if (verdict.refusal == nullptr) require_one_reading(head, verdict);
  return 0;
}
