#pragma once
// Whether bytes are a whole image and nothing but an image. Structure only: pixels are never decoded here, because
// a decoder is a far larger target than this walk over lengths.

#include "base/bytes.hpp"

namespace cardea::note {

inline constexpr std::uint32_t max_side = 16'384;  // pixels; beyond it is a bomb for whoever shows the image

/// A PNG (ISO/IEC 15948): IHDR first with a right CRC and plausible fields, chunks to the end, IDAT, IEND last.
[[nodiscard]] bool is_png(BytesView bytes);
/// A JPEG (ITU-T T.81): SOI, one frame header with a plausible size, scans, EOI as the last two bytes.
[[nodiscard]] bool is_jpeg(BytesView bytes);
/// A WebP (RFC 9649): a RIFF of exactly this size whose chunks fill it, with a VP8 or VP8L picture or an animation.
[[nodiscard]] bool is_webp(BytesView bytes);

}  // namespace cardea::note
