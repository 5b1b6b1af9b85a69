// What an operator makes of the pages: a name, a logo, an accent, and the words or the place of the start page.

#include <filesystem>
#include <fstream>
#include <regex>

#include "branding/branding.hpp"
#include "branding/tones.hpp"
#include "page/page.hpp"
#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

constexpr std::string_view logo =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\"><script>alert(1)</script>"
    "<path d=\"M0 0h8v8z\"/></svg>";

class Brand : public testing::Test {
 protected:
  ~Brand() override { std::filesystem::remove(path_); }

  World branded(branding::Settings branding) {
    if (branding.logo.empty()) {
      std::ofstream{path_, std::ios::binary} << logo;
      branding.logo = path_.string();
    }
    return World{[&](app::Settings& settings) { settings.branding = branding; }};
  }

 private:
  std::filesystem::path path_ =
      std::filesystem::path{testing::TempDir()} /
      (std::string{"cardea-logo-"} + testing::UnitTest::GetInstance()->current_test_info()->name() + ".svg");
};

/// The first address of this form on a page.
std::string address_in(const Answer& page, const std::string& pattern) {
  std::smatch found;
  return std::regex_search(page.body, found, std::regex{pattern}) ? found[1].str() : "";
}

TEST_F(Brand, is_on_every_page_without_a_style_or_script_of_its_own_in_it) {
  auto world = branded({.name = "Acme", .accent = "#7a1fa2"});
  auto ann = world.client();
  ann.sign_up("ann");
  for (const auto* path : {"/", "/signup", "/account", "/account/security", "/users", "/docs/errors"}) {
    const auto page = ann.get(path);
    EXPECT_TRUE(page.mentions(" · Acme</title>")) << path;
    EXPECT_TRUE(page.mentions("<img class=\"logo\" src=\"/assets/logo.")) << path;
    EXPECT_TRUE(page.mentions("<link rel=\"stylesheet\" href=\"/assets/brand.")) << path;
    EXPECT_TRUE(page.mentions("<link rel=\"icon\" type=\"image/svg+xml\" href=\"/assets/logo.")) << path;
    EXPECT_TRUE(page.mentions("content=\"#7a1fa2\"")) << path << ": the colour around the page";
    EXPECT_FALSE(page.mentions("class=\"mark\"")) << path;
    EXPECT_FALSE(page.mentions("<style") || page.mentions("style=\"")) << path;
    EXPECT_TRUE(
        page.header("Content-Security-Policy").starts_with("default-src 'none'; script-src 'self'; style-src 'self';"))
        << path;
  }
}

TEST_F(Brand, files_are_the_operators_bytes_for_good_and_cannot_act) {
  auto world = branded({.accent = "#7a1fa2"});
  auto visitor = world.client();
  const auto page = visitor.get("/signin");
  const auto picture = visitor.get(address_in(page, "src=\"(/assets/logo\\.[0-9a-f]{10}\\.svg)\""));
  EXPECT_EQ(picture.status, 200);
  EXPECT_EQ(picture.body, logo);
  EXPECT_EQ(picture.header("Content-Type"), "image/svg+xml");
  EXPECT_EQ(picture.header("Content-Security-Policy"), "default-src 'none'; style-src 'unsafe-inline'; sandbox");
  EXPECT_EQ(picture.header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(picture.header("Cache-Control"), "public, max-age=31536000, immutable");
  const auto style = visitor.get(address_in(page, "href=\"(/assets/brand\\.[0-9a-f]{10}\\.css)\""));
  EXPECT_EQ(style.status, 200);
  EXPECT_EQ(style.header("Content-Type"), "text/css; charset=utf-8");
  EXPECT_TRUE(style.mentions("--accent:light-dark(#7a1fa2,#"));
  EXPECT_EQ(visitor.get("/assets/logo.0000000000.svg").status, 404);
}

TEST_F(Brand, name_is_written_beside_the_logo_unless_the_logo_holds_it) {
  auto world = branded({.name = "Acme & Sons"});
  EXPECT_TRUE(world.client().get("/signin").mentions("alt=\"\"><span>Acme &amp; Sons</span>"));
  auto other = branded({.name = "Acme & Sons", .logo_has_name = true});
  const auto page = other.client().get("/signin");
  EXPECT_TRUE(page.mentions("alt=\"Acme &amp; Sons\"></a>") || page.mentions("alt=\"Acme &amp; Sons\">\n"))
      << page.body;
  EXPECT_EQ(page.body.find("<span>Acme &amp; Sons</span>"), page.body.rfind("<span>Acme &amp; Sons</span>"))
      << "at the foot alone";
}

TEST_F(Brand, words_of_the_start_page_are_the_operators_and_never_markup) {
  auto world = branded({.home_heading = "Welcome to <b>Acme</b>", .home_text = "One account for \"all\"."});
  const auto page = world.client().get("/");
  EXPECT_TRUE(page.mentions("<h1>Welcome to &lt;b&gt;Acme&lt;/b&gt;</h1>"));
  EXPECT_TRUE(page.mentions("One account for &quot;all&quot;."));
}

TEST_F(Brand, start_page_can_be_elsewhere) {
  const std::string away = "https://www.example.com/start?a=1";
  auto world = branded({.home_url = away});
  auto visitor = world.client();
  const auto typed = visitor.header("Sec-Fetch-Site", "none").get("/");
  EXPECT_EQ(typed.status, 302);
  EXPECT_EQ(typed.header("Location"), away);
  // What a form leads to here may not be redirected to elsewhere: browsers hold it against the policy of the form.
  const auto after_form = visitor.header("Sec-Fetch-Site", "same-origin").get("/");
  EXPECT_EQ(after_form.status, 200);
  EXPECT_EQ(after_form.header("Refresh"), "0; url=" + away);
  EXPECT_TRUE(after_form.mentions("href=\"" + away + "\""));
  EXPECT_TRUE(after_form.mentions("https://www.example.com."));
  EXPECT_EQ(world.client().get("/signin").status, 200);
}

TEST_F(Brand, grounds_that_accents_are_measured_against_are_those_of_the_pages) {
  std::string style;
  for (const auto& asset : page::embedded_assets()) {
    if (asset.path.ends_with(".css")) style = asset.content;
  }
  std::erase(style, ' ');
  const auto pair = [](const branding::Rgb& light, const branding::Rgb& dark) {
    auto text = "light-dark(" + branding::to_text(light) + "," + branding::to_text(dark) + ")";
    for (std::size_t at = 0; (at = text.find("#ffffff", at)) != std::string::npos;) text.replace(at, 7, "#fff");
    return text;
  };
  const auto& light = branding::light_grounds;
  const auto& dark = branding::dark_grounds;
  EXPECT_NE(style.find("--canvas:" + pair(light[0], dark[0])), std::string::npos);
  EXPECT_NE(style.find("--surface:" + pair(light[1], dark[1])), std::string::npos);
  EXPECT_NE(style.find("--sunken:" + pair(light[2], dark[2])), std::string::npos);
}

TEST_F(Brand, of_the_program_is_there_when_nothing_is_set) {
  World world;
  const auto page = world.client().get("/signin");
  EXPECT_TRUE(page.mentions("class=\"mark\""));
  EXPECT_FALSE(page.mentions("/assets/brand.") || page.mentions("/assets/logo."));
  EXPECT_TRUE(page.mentions("content=\"#fafaf8\""));
}

}  // namespace
}  // namespace cardea::api_tests
