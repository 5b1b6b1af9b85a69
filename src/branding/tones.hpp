#pragma once
// The colours that pages make of an operator's one accent, in the light and in the dark theme.

#include <array>
#include <string>

#include "branding/color.hpp"

namespace cardea::branding {

inline constexpr double for_text = 4.5;      // WCAG 2.2, 1.4.3
inline constexpr double for_controls = 3.0;  // WCAG 2.2, 1.4.11

/// What pages have behind their text: canvas, surface and sunken of web/shared/tokens.css.
using Grounds = std::array<Rgb, 3>;
inline constexpr Grounds light_grounds{{{0xfa, 0xfa, 0xf8}, {0xff, 0xff, 0xff}, {0xf2, 0xf2, 0xef}}};
inline constexpr Grounds dark_grounds{{{0x0d, 0x0f, 0x12}, {0x14, 0x17, 0x1b}, {0x0a, 0x0c, 0x0e}}};

/// All can be read: `accent` and `hover` on each ground, `accent` on `soft`, `on_accent` on `accent` and `hover`.
struct Tones {
  Rgb accent;  // links, buttons, the ring around what has the focus
  Rgb hover;
  Rgb soft;       // behind what is chosen
  Rgb on_accent;  // the words of a button
};

/// The least contrast of the colour to a light ground. The light theme shows an accent as it is, so that a brand gets
/// the colour that it asked for: it needs `for_text`.
[[nodiscard]] double light_contrast(const Rgb& accent);
/// The first darker colour of the same hue that can be read; the colour itself when it can.
[[nodiscard]] Rgb nearest_readable(const Rgb& accent);

/// Of an accent that can be read.
[[nodiscard]] Tones light_tones(const Rgb& accent);
/// Of any accent: lighter, as far as it must be.
[[nodiscard]] Tones dark_tones(const Rgb& accent);

}  // namespace cardea::branding
