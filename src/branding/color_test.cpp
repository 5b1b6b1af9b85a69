#include "branding/color.hpp"

#include <gtest/gtest.h>

namespace cardea::branding {
namespace {

constexpr Rgb black{0, 0, 0};
constexpr Rgb white{0xff, 0xff, 0xff};

Rgb color(std::string_view text) { return parse_color(text).value(); }

TEST(Color, is_six_digits_behind_a_hash) {
  EXPECT_EQ(color("#0e5e69"), (Rgb{0x0e, 0x5e, 0x69}));
  EXPECT_EQ(color("#0E5E69"), (Rgb{0x0e, 0x5e, 0x69}));
  EXPECT_EQ(to_text(color("#0E5E69")), "#0e5e69");
  for (const auto* text : {"", "#", "0e5e69", "#0e5e6", "#0e5e691", "#0e5e6g", "#fff", "teal", " #0e5e69", "#0e5e6;"}) {
    EXPECT_FALSE(parse_color(text)) << text;
  }
}

TEST(Color, contrast_is_that_of_wcag) {
  // The ends of the scale, and values that its own calculators give.
  EXPECT_DOUBLE_EQ(contrast(black, white), 21);
  EXPECT_DOUBLE_EQ(contrast(white, white), 1);
  EXPECT_NEAR(contrast(color("#777777"), white), 4.48, 0.005);
  EXPECT_NEAR(contrast(color("#767676"), white), 4.54, 0.005);
  EXPECT_NEAR(contrast(color("#ff0000"), white), 4.00, 0.005);
  EXPECT_NEAR(contrast(color("#0000ff"), white), 8.59, 0.005);
  EXPECT_NEAR(contrast(color("#0e5e69"), color("#fafaf8")), 7.12, 0.005);
  EXPECT_EQ(contrast(black, color("#0e5e69")), contrast(color("#0e5e69"), black));
}

TEST(Color, luminance_weighs_the_channels_as_the_eye_does) {
  EXPECT_NEAR(luminance(color("#ff0000")), 0.2126, 1e-6);
  EXPECT_NEAR(luminance(color("#00ff00")), 0.7152, 1e-6);
  EXPECT_NEAR(luminance(color("#0000ff")), 0.0722, 1e-6);
  EXPECT_NEAR(luminance(color("#808080")), 0.2159, 1e-4);
  EXPECT_NEAR(luminance(color("#0a0a0a")), 10 / 255.0 / 12.92, 1e-9);  // the straight part near black
}

TEST(Color, mixing_lays_a_share_of_one_over_the_other) {
  EXPECT_EQ(mixed(black, white, 0), white);
  EXPECT_EQ(mixed(black, white, 1), black);
  EXPECT_EQ(mixed(black, white, 0.5), (Rgb{128, 128, 128}));
}

TEST(Color, lightness_chroma_and_hue_lead_back_to_the_same_colour) {
  for (const auto* text : {"#000000", "#ffffff", "#0e5e69", "#ff0000", "#00ff00", "#0000ff", "#ffdd00", "#7f7f80"}) {
    EXPECT_EQ(to_text(to_rgb(to_lch(color(text)))), text);
  }
  const auto red = to_lch(color("#ff0000"));  // CSS Color 4 §9.2: oklch(62.8% 0.2577 29.23)
  EXPECT_NEAR(red.lightness, 0.628, 0.001);
  EXPECT_NEAR(red.chroma, 0.2577, 0.001);
  EXPECT_NEAR(red.hue, 29.23 * 3.14159265 / 180, 0.001);
}

TEST(Color, what_no_screen_shows_becomes_less_colourful_and_keeps_its_lightness) {
  auto lch = to_lch(color("#0000ff"));
  lch.lightness = 0.9;
  const auto shown = to_lch(to_rgb(lch));
  EXPECT_NEAR(shown.lightness, 0.9, 0.01);
  EXPECT_LT(shown.chroma, lch.chroma);
  EXPECT_EQ(to_rgb({.lightness = 1.2, .chroma = 0.2, .hue = 1}), white);
  EXPECT_EQ(to_rgb({.lightness = -0.2, .chroma = 0.2, .hue = 1}), black);
}

}  // namespace
}  // namespace cardea::branding
