#include "branding/branding.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "branding/logo.hpp"

namespace cardea::branding {
namespace {

constexpr std::string_view svg =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\"><path d=\"M0 0h8v8z\"/></svg>";

std::string png() {
  return std::string{"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\0\0\0\0", 33} + "more";
}

/// A file of its own for each test.
class Branding : public testing::Test {
 protected:
  ~Branding() override { std::filesystem::remove_all(folder_); }

  std::string file(std::string_view content, const std::string& name = "logo") {
    std::filesystem::create_directories(folder_);
    std::ofstream{folder_ / name, std::ios::binary} << content;
    return (folder_ / name).string();
  }

  std::string folder() {
    std::filesystem::create_directories(folder_);
    return folder_.string();
  }

 private:
  std::filesystem::path folder_ =
      std::filesystem::path{testing::TempDir()} / testing::UnitTest::GetInstance()->current_test_info()->name();
};

bool mentions(std::string_view text, std::string_view piece) { return text.find(piece) != std::string_view::npos; }

const File* find(const Brand& brand, std::string_view ending) {
  for (const auto& each : brand.files) {
    if (each.path.ends_with(ending)) return &each;
  }
  return nullptr;
}

std::string seen(const Brand& brand, std::string_view name) {
  const wire::Value pages{brand.in_pages};
  const auto* value = pages.find(name);
  const auto* text = value == nullptr ? nullptr : value->get<std::string>();
  return text == nullptr ? "" : *text;
}

TEST_F(Branding, without_settings_there_is_nothing_to_serve) {
  const auto brand = make({});
  EXPECT_TRUE(brand.files.empty());
  EXPECT_TRUE(routes(brand).empty());
  EXPECT_EQ(brand.light_theme, "");
}

TEST_F(Branding, a_picture_is_known_by_its_bytes) {
  EXPECT_EQ(picture_of(svg).value(), Picture::svg);
  EXPECT_EQ(
      picture_of("\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<!-- a > b -->\n<!DOCTYPE svg>\n" + std::string{svg}).value(),
      Picture::svg);
  EXPECT_EQ(picture_of(png()).value(), Picture::png);
  EXPECT_EQ(picture_of(std::string{"RIFF\x20\0\0\0WEBPVP8L", 16} + "lossless").value(), Picture::webp);
}

TEST_F(Branding, what_is_no_picture_is_refused_with_what_would_do) {
  const std::string anything_else = "save the picture as one of these";
  for (const auto* bytes :
       {"GIF89a....", "\xFF\xD8\xFF\xE0 JFIF", "<html><svg xmlns=\"http://www.w3.org/2000/svg\"></svg>",
        "<svgx xmlns=\"http://www.w3.org/2000/svg\">", "hello", "<?xml", "<!--", "<"}) {
    const auto picture = picture_of(bytes);
    ASSERT_FALSE(picture) << bytes;
    EXPECT_TRUE(mentions(picture.error().detail, anything_else)) << picture.error().detail;
  }
  EXPECT_TRUE(mentions(picture_of("<svg viewBox=\"0 0 1 1\"></svg>").error().detail, "add xmlns="));
  EXPECT_TRUE(mentions(picture_of("").error().detail, "empty"));
  EXPECT_FALSE(picture_of("<svg xmlns=\"http://www.w3.org/2000/svg\">\xC3</svg>"));
}

TEST_F(Branding, a_logo_that_cannot_be_used_is_told_with_its_key) {
  EXPECT_TRUE(
      problem_with({.logo = "/no/such/file.svg"}).starts_with("branding.logo: the file cannot be read: No such"));
  EXPECT_TRUE(problem_with({.logo = folder()}).starts_with("branding.logo: it is not a regular file"));
  EXPECT_TRUE(problem_with({.logo = file("GIF89a")}).starts_with("branding.logo: the file is no SVG"));
  EXPECT_TRUE(problem_with({.logo = file(png() + std::string(max_logo_size, ' '))})
                  .starts_with("branding.logo: the file is above 256 KiB"));
  EXPECT_EQ(problem_with({.logo = file(png() + std::string(max_logo_size - png().size(), ' '))}), "");
  EXPECT_EQ(problem_with({.logo = file(svg)}), "");
  EXPECT_TRUE(problem_with({.logo_has_name = true}).starts_with("branding.logo_has_name: there is no logo"));
}

TEST_F(Branding, a_logo_is_served_under_the_hash_of_its_bytes_and_is_the_icon) {
  const auto brand = make({.logo = file(svg), .accent = "#7a1fa2"});
  const auto* logo = find(brand, ".svg");
  ASSERT_NE(logo, nullptr);
  EXPECT_EQ(seen(brand, "brand_logo"), brand.files.back().path);
  EXPECT_EQ(seen(brand, "brand_icon"), brand.files.back().path);
  EXPECT_EQ(seen(brand, "brand_icon_type"), "image/svg+xml");
  EXPECT_EQ(seen(brand, "brand_touch_icon"), "");
  EXPECT_EQ(brand.files.back().content, svg);
  EXPECT_EQ(brand.files.back().policy, "default-src 'none'; style-src 'unsafe-inline'; sandbox");
  const auto other = make({.logo = file(std::string{svg} + "\n")});
  EXPECT_NE(other.files.back().path, brand.files.back().path);
  const auto with_png = make({.logo = file(png())});
  EXPECT_EQ(seen(with_png, "brand_touch_icon"), with_png.files.back().path);
}

TEST_F(Branding, an_accent_that_can_be_read_becomes_a_style_and_an_icon) {
  const auto brand = make({.accent = "#7A1FA2"});
  const auto* style = find(brand, ".css");
  ASSERT_NE(style, nullptr);
  EXPECT_TRUE(mentions(style->content, ":root{--accent:light-dark(#7a1fa2,#")) << style->content;
  for (const auto* name : {"--accent-hover:", "--accent-soft:", "--on-accent:"}) {
    EXPECT_TRUE(mentions(style->content, name)) << style->content;
  }
  EXPECT_EQ(brand.light_theme, "#7a1fa2");
  EXPECT_EQ(seen(brand, "brand_css"), style->path);
  const auto* icon = find(brand, ".svg");
  ASSERT_NE(icon, nullptr);
  EXPECT_TRUE(mentions(icon->content, "stroke:#7a1fa2"));
  EXPECT_EQ(seen(brand, "brand_icon"), icon->path);
}

TEST_F(Branding, an_accent_that_cannot_be_read_is_refused_with_the_nearest_that_can) {
  const auto problem = problem_with({.accent = "#ffdd00"});
  EXPECT_TRUE(problem.starts_with("branding.accent: words in #ffdd00 could not be read")) << problem;
  const auto nearest = problem.substr(problem.rfind('#'), 7);
  EXPECT_EQ(problem_with({.accent = nearest}), "") << nearest;
  EXPECT_TRUE(problem_with({.accent = "teal"}).starts_with("branding.accent: write it as six digits"));
  EXPECT_THROW((void)make({.accent = "#ffdd00"}), std::runtime_error);
}

TEST_F(Branding, words_are_bounded_and_in_one_line) {
  EXPECT_NE(problem_with({.name = ""}), "");
  EXPECT_NE(problem_with({.name = std::string(61, 'a')}), "");
  EXPECT_EQ(problem_with({.name = std::string(60, 'a')}), "");
  EXPECT_NE(problem_with({.name = "A\nB"}), "");
  EXPECT_NE(problem_with({.home_heading = std::string(121, 'a')}), "");
  EXPECT_NE(problem_with({.home_text = std::string(601, 'a')}), "");
  const auto brand = make({.home_heading = "Hello", .home_text = "Come in"});
  EXPECT_EQ(seen(brand, "brand_heading"), "Hello");
  EXPECT_EQ(seen(brand, "brand_text"), "Come in");
}

TEST_F(Branding, the_start_page_is_elsewhere_or_has_words_of_its_own) {
  EXPECT_EQ(problem_with({.home_url = "https://www.example.com/"}), "");
  EXPECT_EQ(problem_with({.home_url = "http://localhost:3000/app?a=b"}), "");
  for (const auto* url : {"www.example.com", "/app", "javascript:alert(1)", "https://", "ftp://example.com/",
                          "https://example.com/a b", "https://example.com/\r\nX: y", "https:\\\\example.com"}) {
    EXPECT_TRUE(problem_with({.home_url = url}).starts_with("branding.home_url: ")) << url;
  }
  EXPECT_NE(problem_with({.home_text = "Come in", .home_url = "https://www.example.com/"}), "");
}

}  // namespace
}  // namespace cardea::branding
