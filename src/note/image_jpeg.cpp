#include "note/byte_reader.hpp"
#include "note/image_formats.hpp"

namespace cardea::note {
namespace {

// Marker codes of ITU-T T.81, table B.1: the byte after 0xFF.
constexpr std::uint8_t first_restart = 0xD0, last_restart = 0xD7;
constexpr std::uint8_t start_of_image = 0xD8, end_of_image = 0xD9, start_of_scan = 0xDA;

/// SOF0 to SOF15, without DHT, JPG and DAC that lie among them.
bool is_frame(std::uint8_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/// Markers that carry a segment with a length.
bool has_segment(std::uint8_t marker) { return marker >= 0xC0 && !(marker >= first_restart && marker <= end_of_image); }

/// The next marker, after any fill bytes; 0 when the bytes are none.
std::uint8_t next_marker(ByteReader& reader) {
  if (reader.byte() != 0xFF) return 0;
  auto marker = reader.byte();
  while (marker == 0xFF) marker = reader.byte();
  return marker;
}

bool is_plausible_frame(BytesView segment) {
  ByteReader frame{segment};
  frame.byte();  // sample precision
  const auto height = frame.big(2);
  const auto width = frame.big(2);
  const auto components = frame.byte();
  return !frame.failed() && height >= 1 && height <= max_side && width >= 1 && width <= max_side && components >= 1 &&
         components <= 4;
}

/// Steps over entropy-coded data to the marker that ends it; 0xFF there is followed by 0 or a restart marker.
void skip_scan_data(ByteReader& reader) {
  const auto data = reader.rest();
  std::size_t at = 0;
  for (; at + 1 < data.size(); ++at) {
    if (data[at] != 0xFF || data[at + 1] == 0xFF) continue;
    const auto code = data[at + 1];
    if (code != 0 && !(code >= first_restart && code <= last_restart)) break;
  }
  reader.take(at);
}

}  // namespace

std::size_t jpeg_size(BytesView bytes) {
  ByteReader reader{bytes};
  // Fill bytes may stand before any marker but the first: what sniffs the type looks at the first two bytes.
  if (reader.byte() != 0xFF || reader.byte() != start_of_image) return 0;
  int frames = 0;
  bool has_scan = false;
  while (!reader.failed()) {
    const auto marker = next_marker(reader);
    if (marker == end_of_image) return has_scan && !reader.failed() ? bytes.size() - reader.rest().size() : 0;
    if (!has_segment(marker)) return 0;
    const auto length = reader.big(2);  // counts itself
    if (length < 2) return 0;
    const auto segment = reader.take(length - 2);
    if (is_frame(marker) && (++frames > 1 || !is_plausible_frame(segment))) return 0;
    if (marker == start_of_scan) {
      if (frames == 0) return 0;
      has_scan = true;
      skip_scan_data(reader);
    }
  }
  return 0;
}

}  // namespace cardea::note
