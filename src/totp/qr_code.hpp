#pragma once
// A QR code as the path of an SVG, so that no script is needed to draw it. The one place that knows libqrencode.

#include <string>
#include <string_view>

namespace cardea::totp {

struct QrCode {
  int size = 0;      // of the square, in modules, with the quiet zone of four around it
  std::string path;  // the dark modules: the attribute `d`
};
/// Throws std::runtime_error for a text that no QR code can hold (beyond about 2,300 bytes).
[[nodiscard]] QrCode qr_code(std::string_view text);

}  // namespace cardea::totp
