#include "branding/tones.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace cardea::branding {
namespace {

/// Colours from all over the cube of the screen, brands' favourites among them.
std::vector<Rgb> many_colors() {
  std::vector<Rgb> colors{{0xff, 0xdd, 0x00}, {0x63, 0x5b, 0xff}, {0x5e, 0x6a, 0xd2}, {0x0e, 0x5e, 0x69},
                          {0xe6, 0x00, 0x23}, {0x1d, 0xb9, 0x54}, {0xff, 0x66, 0x00}, {0x76, 0x76, 0x76}};
  for (int red = 0; red <= 255; red += 51) {
    for (int green = 0; green <= 255; green += 51) {
      for (int blue = 0; blue <= 255; blue += 51) {
        colors.push_back(
            {static_cast<std::uint8_t>(red), static_cast<std::uint8_t>(green), static_cast<std::uint8_t>(blue)});
      }
    }
  }
  return colors;
}

void expect_readable(const Tones& tones, const Grounds& grounds, const std::string& what) {
  for (const auto& ground : grounds) {
    EXPECT_GE(contrast(tones.accent, ground), for_text) << what;
    EXPECT_GE(contrast(tones.hover, ground), for_text) << what;
    EXPECT_GE(contrast(tones.accent, ground), for_controls) << what;
  }
  EXPECT_GE(contrast(tones.accent, tones.soft), for_text) << what;
  EXPECT_GE(contrast(tones.on_accent, tones.accent), for_text) << what;
  EXPECT_GE(contrast(tones.on_accent, tones.hover), for_text) << what;
  EXPECT_NE(tones.accent, tones.hover) << what;
}

TEST(Tones, of_every_readable_accent_can_be_read_in_the_light) {
  int readable = 0;
  for (const auto& color : many_colors()) {
    if (light_contrast(color) < for_text) continue;
    ++readable;
    const auto tones = light_tones(color);
    EXPECT_EQ(tones.accent, color) << "a brand gets the colour that it asked for";
    expect_readable(tones, light_grounds, to_text(color));
  }
  EXPECT_GT(readable, 60);
}

TEST(Tones, of_every_accent_can_be_read_in_the_dark) {
  for (const auto& color : many_colors()) expect_readable(dark_tones(color), dark_grounds, to_text(color));
}

TEST(Tones, words_on_what_is_chosen_can_be_read) {
  const Rgb light_words{0x15, 0x17, 0x1c};
  const Rgb dark_words{0xec, 0xee, 0xf1};
  for (const auto& color : many_colors()) {
    if (light_contrast(color) >= for_text) EXPECT_GE(contrast(light_words, light_tones(color).soft), for_text);
    EXPECT_GE(contrast(dark_words, dark_tones(color).soft), for_text) << to_text(color);
  }
}

TEST(Tones, the_nearest_that_would_do_is_a_little_darker_and_of_the_same_hue) {
  for (const auto& color : many_colors()) {
    const auto nearest = nearest_readable(color);
    EXPECT_GE(light_contrast(nearest), for_text) << to_text(color);
    if (light_contrast(color) >= for_text) {
      EXPECT_EQ(nearest, color);
      continue;
    }
    EXPECT_LT(light_contrast(nearest), for_text + 0.2) << to_text(color) << " " << to_text(nearest);
    const auto before = to_lch(color);
    const auto after = to_lch(nearest);
    if (after.chroma > 0.03) EXPECT_NEAR(std::remainder(after.hue - before.hue, 6.2831853), 0, 0.1) << to_text(color);
  }
}

}  // namespace
}  // namespace cardea::branding
