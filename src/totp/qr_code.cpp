#include "totp/qr_code.hpp"

#include <fmt/format.h>
#include <qrencode.h>

#include <memory>
#include <stdexcept>

#include "base/bytes.hpp"

namespace cardea::totp {

QrCode qr_code(std::string_view text) {
  constexpr int quiet = 4;
  const BytesView bytes = as_bytes(text);
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code{
      QRcode_encodeData(static_cast<int>(bytes.size()), bytes.data(), 0, QR_ECLEVEL_M), &QRcode_free};
  if (!code) throw std::runtime_error{"a text is too long for a QR code"};
  const int width = code->width;
  const auto is_dark = [&](int x, int y) { return x < width && (code->data[y * width + x] & 1U) != 0; };
  QrCode out{.size = width + 2 * quiet, .path = {}};
  for (int y = 0; y < width; ++y) {
    for (int x = 0; x < width; ++x) {
      if (!is_dark(x, y)) continue;
      const int begin = x;
      while (is_dark(x, y)) ++x;
      out.path += fmt::format("M{} {}h{}v1H{}z", begin + quiet, y + quiet, x - begin, begin + quiet);
    }
  }
  return out;
}

}  // namespace cardea::totp
