#include "branding/color.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/text.hpp"
#include "encoding/base64.hpp"

namespace cardea::branding {
namespace {

using Triple = std::array<double, 3>;

double to_linear(std::uint8_t channel) {
  const double value = channel / 255.0;
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

std::uint8_t to_channel(double linear) {
  const double value = linear <= 0.0031308 ? linear * 12.92 : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
  return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 1.0) * 255));
}

Triple times(const std::array<Triple, 3>& matrix, const Triple& vector) {
  Triple out{};
  for (std::size_t row = 0; row < 3; ++row) {
    out[row] = matrix[row][0] * vector[0] + matrix[row][1] * vector[1] + matrix[row][2] * vector[2];
  }
  return out;
}

// Björn Ottosson, "A perceptual color space for image processing", as CSS Color 4 §9 uses it.
constexpr std::array<Triple, 3> linear_to_cones{{{0.4122214708, 0.5363325363, 0.0514459929},
                                                 {0.2119034982, 0.6806995451, 0.1073969566},
                                                 {0.0883024619, 0.2817188376, 0.6299787005}}};
constexpr std::array<Triple, 3> cones_to_lab{{{0.2104542553, 0.7936177850, -0.0040720468},
                                              {1.9779984951, -2.4285922050, 0.4505937099},
                                              {0.0259040371, 0.7827717662, -0.8086757660}}};
constexpr std::array<Triple, 3> lab_to_cones{
    {{1, 0.3963377774, 0.2158037573}, {1, -0.1055613458, -0.0638541728}, {1, -0.0894841775, -1.2914855480}}};
constexpr std::array<Triple, 3> cones_to_linear{{{4.0767416621, -3.3077115913, 0.2309699292},
                                                 {-1.2684380046, 2.6097574011, -0.3413193965},
                                                 {-0.0041960863, -0.7034186147, 1.7076147010}}};

Triple to_linear_channels(const Lch& color) {
  auto cones =
      times(lab_to_cones, {color.lightness, color.chroma * std::cos(color.hue), color.chroma * std::sin(color.hue)});
  for (auto& cone : cones) cone = cone * cone * cone;
  return times(cones_to_linear, cones);
}

bool can_be_shown(const Triple& linear) {
  constexpr double slack = 1e-4;
  return std::ranges::all_of(linear, [](double each) { return each >= -slack && each <= 1 + slack; });
}

}  // namespace

std::optional<Rgb> parse_color(std::string_view text) {
  if (text.size() != 7 || text.front() != '#') return std::nullopt;
  const auto channels = encoding::parse_hex(text::lower(text.substr(1)));
  if (!channels) return std::nullopt;
  return Rgb{channels->at(0), channels->at(1), channels->at(2)};
}

std::string to_text(const Rgb& color) { return fmt::format("#{:02x}{:02x}{:02x}", color.red, color.green, color.blue); }

double luminance(const Rgb& color) {
  return 0.2126 * to_linear(color.red) + 0.7152 * to_linear(color.green) + 0.0722 * to_linear(color.blue);
}

double contrast(const Rgb& one, const Rgb& other) {
  const auto [darker, lighter] = std::minmax({luminance(one), luminance(other)});
  return (lighter + 0.05) / (darker + 0.05);
}

Rgb mixed(const Rgb& color, const Rgb& ground, double share) {
  const auto channel = [share](std::uint8_t over, std::uint8_t under) {
    return static_cast<std::uint8_t>(std::lround(over * share + under * (1 - share)));
  };
  return {channel(color.red, ground.red), channel(color.green, ground.green), channel(color.blue, ground.blue)};
}

Lch to_lch(const Rgb& color) {
  auto cones = times(linear_to_cones, {to_linear(color.red), to_linear(color.green), to_linear(color.blue)});
  for (auto& cone : cones) cone = std::cbrt(cone);
  const auto lab = times(cones_to_lab, cones);
  return {.lightness = lab[0], .chroma = std::hypot(lab[1], lab[2]), .hue = std::atan2(lab[2], lab[1])};
}

Rgb to_rgb(const Lch& color) {
  constexpr int steps = 24;
  Lch shown{.lightness = std::clamp(color.lightness, 0.0, 1.0), .chroma = color.chroma, .hue = color.hue};
  if (!can_be_shown(to_linear_channels(shown))) {
    double low = 0;
    double high = color.chroma;
    for (int step = 0; step < steps; ++step) {
      shown.chroma = (low + high) / 2;
      (can_be_shown(to_linear_channels(shown)) ? low : high) = shown.chroma;
    }
    shown.chroma = low;
  }
  const auto linear = to_linear_channels(shown);
  return {to_channel(linear[0]), to_channel(linear[1]), to_channel(linear[2])};
}

}  // namespace cardea::branding
