#pragma once
// Whether bytes begin with a whole image, and where it ends. Structure only: pixels are never decoded here, because a
// decoder is a far larger target than this walk over lengths. Phones write more behind the end: a second picture (MPO),
// a film, zeros.

#include "base/bytes.hpp"

namespace cardea::note {

inline constexpr std::uint32_t max_side = 16'384;  // pixels; beyond it is a bomb for whoever shows the image

/// How many bytes the PNG (ISO/IEC 15948) has that they begin with: IHDR first with a right CRC and plausible fields,
/// chunks, IDAT, up to the first IEND. 0: they begin with none.
[[nodiscard]] std::size_t png_size(BytesView bytes);
/// The same of a JPEG (ITU-T T.81): SOI, one frame header with a plausible size, scans, up to the first EOI.
[[nodiscard]] std::size_t jpeg_size(BytesView bytes);
/// The same of a WebP (RFC 9649): a RIFF whose chunks fill it, with a VP8 or VP8L picture or an animation.
[[nodiscard]] std::size_t webp_size(BytesView bytes);

}  // namespace cardea::note
