#include "note/byte_reader.hpp"
#include "note/image_formats.hpp"

namespace cardea::note {
namespace {

constexpr std::string_view signature = "\x89PNG\r\n\x1A\n";
constexpr std::size_t header_size = 13;

/// CRC-32 of ISO 3309. Bit by bit: it runs over 17 bytes only.
std::uint32_t crc32(BytesView bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const auto byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return crc ^ 0xFFFFFFFFU;
}

bool is_depth_of(std::uint8_t colour, std::uint8_t depth) {
  switch (colour) {
    case 0: return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
    case 3: return depth == 1 || depth == 2 || depth == 4 || depth == 8;
    case 2:
    case 4:
    case 6: return depth == 8 || depth == 16;
    default: return false;
  }
}

bool is_side(std::uint32_t pixels) { return pixels >= 1 && pixels <= max_side; }

/// Reads length, type, content and CRC of IHDR.
bool read_header(ByteReader& reader) {
  if (reader.big(4) != header_size) return false;
  const auto type_and_content = reader.take(4 + header_size);
  const auto crc = reader.big(4);
  if (reader.failed() || crc32(type_and_content) != crc) return false;
  ByteReader header{type_and_content};
  if (!header.skip("IHDR")) return false;
  if (!is_side(header.big(4)) || !is_side(header.big(4))) return false;
  const auto depth = header.byte();
  const auto colour = header.byte();
  const bool known_methods = header.byte() == 0 && header.byte() == 0;
  return is_depth_of(colour, depth) && known_methods && header.byte() <= 1;
}

bool is_chunk_type(std::string_view type) {
  for (const char c : type) {
    if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))) return false;
  }
  return type.size() == 4;
}

}  // namespace

std::size_t png_size(BytesView bytes) {
  ByteReader reader{bytes};
  if (!reader.skip(signature) || !read_header(reader)) return 0;
  bool has_data = false;
  while (!reader.at_end()) {
    const auto length = reader.big(4);
    const auto type = as_text(reader.take(4));
    reader.take(length);
    reader.take(4);  // CRC
    if (reader.failed() || !is_chunk_type(type) || type == "IHDR") return 0;
    has_data = has_data || type == "IDAT";
    if (type == "IEND") return length == 0 && has_data ? bytes.size() - reader.rest().size() : 0;
  }
  return 0;
}

}  // namespace cardea::note
