#include "note/byte_reader.hpp"
#include "note/image_formats.hpp"

namespace cardea::note {
namespace {

struct Chunk {
  std::string_view name;
  BytesView content;
};

/// Reads one RIFF chunk with its padding to an even size; a nameless one when it is not whole.
Chunk next_chunk(ByteReader& reader) {
  const auto name = as_text(reader.take(4));
  const auto size = reader.little(4);
  const auto content = reader.take(size);
  const bool is_padded = size % 2 == 0 || reader.byte() == 0;
  if (reader.failed() || !is_padded) return {};
  return {name, content};
}

/// The head of a VP8 key frame (RFC 6386 §9.1).
bool is_lossy(BytesView content) {
  ByteReader frame{content};
  const bool is_key_frame = (frame.little(3) & 1U) == 0;
  if (!is_key_frame || !frame.skip("\x9D\x01\x2A")) return false;
  const auto width = frame.little(2) & 0x3FFFU;
  const auto height = frame.little(2) & 0x3FFFU;
  return !frame.failed() && width >= 1 && height >= 1;
}

/// The head of a lossless stream; its sides have 14 bits, which keeps them within the limit.
bool is_lossless(BytesView content) {
  ByteReader stream{content};
  const bool is_signed = stream.byte() == 0x2F;
  const auto bits = stream.little(4);
  return !stream.failed() && is_signed && (bits >> 29U) == 0;  // version 0
}

bool is_canvas(BytesView content) {
  ByteReader canvas{content};
  canvas.little(4);  // flags
  const auto width = canvas.little(3) + 1;
  const auto height = canvas.little(3) + 1;
  return canvas.at_end() && width <= max_side && height <= max_side;
}

bool is_picture(const Chunk& chunk) {
  return (chunk.name == "VP8 " && is_lossy(chunk.content)) || (chunk.name == "VP8L" && is_lossless(chunk.content));
}

/// Whether the chunks between the head of the file and its end are one picture.
bool is_whole(ByteReader reader) {
  const Chunk first = next_chunk(reader);
  if (is_picture(first)) return reader.at_end();
  if (first.name != "VP8X" || !is_canvas(first.content)) return false;
  bool has_picture = false;
  while (!reader.at_end()) {
    const Chunk chunk = next_chunk(reader);
    if (chunk.name.empty() || chunk.name == "VP8X") return false;
    if ((chunk.name == "VP8 " || chunk.name == "VP8L") && !is_picture(chunk)) return false;
    has_picture = has_picture || is_picture(chunk) || chunk.name == "ANMF";
  }
  return has_picture;
}

}  // namespace

std::size_t webp_size(BytesView bytes) {
  constexpr std::size_t head = 8;
  ByteReader reader{bytes};
  if (!reader.skip("RIFF")) return 0;
  const std::size_t length = reader.little(4);
  const auto content = reader.take(length);
  if (reader.failed()) return 0;
  ByteReader chunks{content};
  return chunks.skip("WEBP") && is_whole(chunks) ? head + length : 0;
}

}  // namespace cardea::note
