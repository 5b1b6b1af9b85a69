#include "branding/tones.hpp"

#include <algorithm>

namespace cardea::branding {
namespace {

constexpr double step = 0.004;  // of lightness: finer than the eye

double least_contrast(const Rgb& color, const Grounds& grounds) {
  double least = 21;
  for (const auto& ground : grounds) least = std::min(least, contrast(color, ground));
  return least;
}

/// As much of the accent as leaves it readable on top.
Rgb soft_of(const Rgb& accent, const Rgb& surface, double most) {
  for (double share = most; share > 0; share -= 0.01) {
    const auto soft = mixed(accent, surface, share);
    if (contrast(accent, soft) >= for_text) return soft;
  }
  return surface;
}

}  // namespace

double light_contrast(const Rgb& accent) { return least_contrast(accent, light_grounds); }

Rgb nearest_readable(const Rgb& accent) {
  const auto start = to_lch(accent);
  auto color = accent;
  for (double lightness = start.lightness; light_contrast(color) < for_text && lightness > 0; lightness -= step) {
    color = to_rgb({lightness, start.chroma, start.hue});
  }
  return color;
}

Tones light_tones(const Rgb& accent) {
  constexpr double darkest = 0.25;  // what is darker than this shows no difference when made darker still
  const auto lch = to_lch(accent);
  const double hover = lch.lightness + (lch.lightness > darkest ? -0.07 : 0.12);
  return {.accent = accent,
          .hover = to_rgb({hover, lch.chroma, lch.hue}),
          .soft = soft_of(accent, light_grounds[1], 0.12),
          .on_accent = {0xff, 0xff, 0xff}};
}

Tones dark_tones(const Rgb& accent) {
  constexpr double least = 0.76;
  constexpr double lightest = 0.92;  // what is lighter than this shows no difference when made lighter still
  const auto lch = to_lch(accent);
  double lightness = std::max(lch.lightness, least);
  auto shown = to_rgb({lightness, lch.chroma, lch.hue});
  while (least_contrast(shown, dark_grounds) < for_text && lightness < 1) {
    lightness += step;
    shown = to_rgb({lightness, lch.chroma, lch.hue});
  }
  return {.accent = shown,
          .hover = to_rgb({lightness + (lightness < lightest ? 0.07 : -0.07), lch.chroma, lch.hue}),
          .soft = soft_of(shown, dark_grounds[1], 0.14),
          .on_accent = to_rgb({0.22, std::min(lch.chroma, 0.05), lch.hue})};
}

}  // namespace cardea::branding
