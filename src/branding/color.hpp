#pragma once
// Colours of the screen, how well two of them can be told apart, and one colour made lighter or darker.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cardea::branding {

/// A colour in sRGB, 8 bits a channel.
struct Rgb {
  std::uint8_t red;
  std::uint8_t green;
  std::uint8_t blue;
  friend bool operator==(const Rgb&, const Rgb&) = default;
};

/// "#0e5e69", in either case. Absent for anything else: names and short forms too, so that a colour has one spelling.
[[nodiscard]] std::optional<Rgb> parse_color(std::string_view text);
/// In lower case.
[[nodiscard]] std::string to_text(const Rgb& color);

/// Relative luminance, from 0 of black to 1 of white (WCAG 2.2).
[[nodiscard]] double luminance(const Rgb& color);
/// Contrast ratio, from 1 to 21, whichever of the two is the lighter one (WCAG 2.2).
[[nodiscard]] double contrast(const Rgb& one, const Rgb& other);

/// `share` of `color`, from 0 to 1, laid over `ground`.
[[nodiscard]] Rgb mixed(const Rgb& color, const Rgb& ground, double share);

/// A colour by how light it looks (0 to 1), how colourful (from 0) and its hue (radians): OKLCH. Unlike the channels of
/// sRGB, lightness can be changed here and the hue stays what it looks like.
struct Lch {
  double lightness;
  double chroma;
  double hue;
};
[[nodiscard]] Lch to_lch(const Rgb& color);
/// As colourful as the screen can show it, at most as asked. Lightness beyond 0 and 1 counts as these.
[[nodiscard]] Rgb to_rgb(const Lch& color);

}  // namespace cardea::branding
