#include "branding/branding.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "branding/logo.hpp"
#include "branding/style.hpp"
#include "crypto/hash.hpp"
#include "encoding/base64.hpp"
#include "encoding/unicode.hpp"
#include "http/origin.hpp"
#include "http/site.hpp"

namespace cardea::branding {
namespace {

// A picture that is opened by itself is a document, and an SVG may hold scripts: here they are dead.
constexpr std::string_view picture_policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

std::string problem_with_text(std::string_view key, const std::string& text, std::size_t most) {
  if (!unicode::is_utf8(text)) return fmt::format("{}: it is not UTF-8", key);
  if (unicode::length(text) > most) return fmt::format("{}: use at most {} characters", key, most);
  const bool has_control = std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  return has_control ? fmt::format("{}: write it in one line", key) : "";
}

std::string problem_with_accent(const std::string& accent) {
  if (accent.empty()) return {};
  const auto color = parse_color(accent);
  if (!color) return "branding.accent: write it as six digits behind a #, such as \"#0e5e69\"";
  const double contrast = light_contrast(*color);
  if (contrast >= for_text) return {};
  return fmt::format(
      "branding.accent: words in {} could not be read on the light pages: their contrast is {:.1f}, and text needs "
      "{:.1f}; the nearest that would do is \"{}\"",
      accent, contrast, for_text, to_text(nearest_readable(*color)));
}

std::string problem_with_logo(const Settings& settings) {
  if (settings.logo.empty()) {
    return settings.logo_has_name ? "branding.logo_has_name: there is no logo; set branding.logo or leave this out"
                                  : "";
  }
  const auto bytes = read_logo(settings.logo);
  if (!bytes) return "branding.logo: " + bytes.error().detail;
  const auto picture = picture_of(*bytes);
  return picture ? "" : "branding.logo: " + picture.error().detail;
}

std::string problem_with_home(const Settings& settings) {
  if (settings.home_url.empty()) return {};
  const auto is_plain = [](char c) { return c > 0x20 && c < 0x7F && c != '"' && c != '<' && c != '>' && c != '\\'; };
  if (!std::ranges::all_of(settings.home_url, is_plain) || http::origin_of_url(settings.home_url).empty()) {
    return "branding.home_url: write an address in full, such as \"https://www.example.com/\"";
  }
  if (!settings.home_heading.empty() || !settings.home_text.empty()) {
    return "branding.home_url: there is no start page then; leave out home_heading and home_text";
  }
  return {};
}

/// A file whose path tells its content.
File hashed(std::string_view name, std::string_view ending, std::string_view type, std::string content) {
  constexpr std::size_t digits = 10;
  const auto hash = encoding::hex(crypto::sha256(content)).substr(0, digits);
  return {.path = fmt::format("/assets/{}.{}.{}", name, hash, ending), .type = type, .content = std::move(content)};
}

void add_accent(Brand& brand, const Rgb& accent) {
  const auto light = light_tones(accent);
  const auto dark = dark_tones(accent);
  brand.light_theme = to_text(light.accent);
  brand.dark_theme = to_text(dark.soft);
  auto style = hashed("brand", "css", "text/css; charset=utf-8", style_of(light, dark));
  auto icon = hashed("icon", "svg", content_type(Picture::svg), icon_of(light, dark));
  icon.policy = picture_policy;
  brand.in_pages.push_back({"brand_css", style.path});
  brand.files.push_back(std::move(style));
  brand.files.push_back(std::move(icon));
}

void add_logo(Brand& brand, const Settings& settings) {
  auto bytes = read_logo(settings.logo).value();
  const auto picture = picture_of(bytes).value();
  auto logo = hashed("logo", file_ending(picture), content_type(picture), std::move(bytes));
  logo.policy = picture_policy;
  brand.in_pages.push_back({"brand_logo", logo.path});
  brand.in_pages.push_back({"brand_logo_has_name", settings.logo_has_name});
  brand.files.push_back(std::move(logo));
}

/// The icon of the site is the logo, or else our sign in the brand's colours. Only a PNG can be that of a home screen.
void add_icon(Brand& brand) {
  if (brand.files.empty()) return;
  const auto& icon = brand.files.back();
  brand.in_pages.push_back({"brand_icon", icon.path});
  brand.in_pages.push_back({"brand_icon_type", icon.type});
  brand.in_pages.push_back({"brand_touch_icon", icon.type == content_type(Picture::png) ? icon.path : ""});
}

}  // namespace

void describe(config::Section& section, Settings& settings) {
  section.text("name", settings.name, "The name on pages.");
  section.text(
      "logo", settings.logo,
      "A file with the logo beside the name and as the icon of the site: SVG, PNG or WebP, up to 256 KiB. It is "
      "read at the start. Empty: this program's own sign.");
  section.flag("logo_has_name", settings.logo_has_name, "The logo holds the name, which is not written beside it.");
  section.text("accent", settings.accent,
               "The colour of links and buttons, \"#0e5e69\". The light theme shows it as it is, so it has to be dark "
               "enough to be read; what the dark theme needs is made of it. Empty: this program's own.");
  section.text("home_heading", settings.home_heading,
               "The heading of the start page for who is not signed in. Empty: this program's own words.");
  section.text("home_text", settings.home_text, "What stands below it. Empty: this program's own words.");
  section.text("home_url", settings.home_url,
               "Where the start page leads at once, such as \"https://www.example.com/\". Empty: it is a page here.");
  section.check([&settings] { return problem_with(settings); });
}

std::string problem_with(const Settings& settings) {
  if (settings.name.empty()) return "branding.name: write the name that pages show";
  for (const auto& problem :
       {problem_with_text("branding.name", settings.name, 60),
        problem_with_text("branding.home_heading", settings.home_heading, 120),
        problem_with_text("branding.home_text", settings.home_text, 600), problem_with_accent(settings.accent),
        problem_with_logo(settings), problem_with_home(settings)}) {
    if (!problem.empty()) return problem;
  }
  return {};
}

Brand make(const Settings& settings) {
  if (const auto problem = problem_with(settings); !problem.empty()) throw std::runtime_error(problem);
  Brand brand;
  if (const auto accent = parse_color(settings.accent)) add_accent(brand, *accent);
  if (!settings.logo.empty()) add_logo(brand, settings);
  add_icon(brand);
  brand.in_pages.push_back({"brand_heading", settings.home_heading});
  brand.in_pages.push_back({"brand_text", settings.home_text});
  return brand;
}

}  // namespace cardea::branding
