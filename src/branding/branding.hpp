#pragma once
// branding: what an operator makes of the pages: name, logo, accent, words and place of the start page.
//
// Owns: the files of the brand, served below /assets/ by hashed names. Never: takes markup, styles or scripts from
// anybody: of a colour and a picture nothing can be made but a colour and a picture.

#include <string>
#include <string_view>
#include <vector>

#include "config/section.hpp"
#include "encoding/value.hpp"
#include "http/route.hpp"

namespace cardea::branding {

struct Settings {
  std::string name = "Cardea";
  std::string logo;                // a path; empty: our own sign
  bool logo_has_name = false;      // so that it is not written beside it
  std::string accent;              // "#0e5e69"; empty: our own
  std::string home_heading;        // empty: our own words
  std::string home_text;
  std::string home_url;            // where "/" leads; empty: it is a page
};
void describe(config::Section& section, Settings& settings);

/// What is wrong with the settings, beginning with the key; empty: nothing. Reads the logo.
[[nodiscard]] std::string problem_with(const Settings& settings);

/// A file of the brand as it is served: immutable, because another content has another path.
struct File {
  std::string path;  // "/assets/brand.3f2a9c1b0d.css"
  std::string_view type;
  std::string content;
  std::string_view policy = {};  // its Content-Security-Policy; empty: the one that allows nothing
};

/// What pages show of the settings. Made once, before the server answers.
struct Brand {
  std::vector<File> files;
  wire::Object in_pages;  // brand_logo, brand_css, brand_icon and the words: what templates see
  std::string light_theme;  // what browsers paint around pages; empty: as usual
  std::string dark_theme;
};
/// Throws std::runtime_error on what `problem_with` finds.
[[nodiscard]] Brand make(const Settings& settings);

/// Routes of the files. They view `brand`, which outlives them.
[[nodiscard]] std::vector<http::Route> routes(const Brand& brand);

}  // namespace cardea::branding
