#pragma once
// Which embedded files are served, under which names.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "page/expand.hpp"
#include "page/page.hpp"

namespace cardea::page {

/// A file of web/dist as it is served.
struct Served {
  std::string path;           // "/assets/auth.3f2a9c1b.css"
  std::string_view type;      // Content-Type
  std::string_view content;
  std::string_view gzipped;   // empty when there is no gzip twin
};

/// The served files of web/dist: all but the manifest and the gzip twins. Throws std::logic_error on a file type that
/// has no Content-Type here.
[[nodiscard]] std::vector<Served> served_assets(std::span<const Asset> assets);

/// dist/manifest.json with template names: "auth.css": "auth.3f2a9c1b.css" → "auth_css" → "/assets/auth.3f2a9c1b.css".
/// Empty when there is no manifest; throws std::logic_error when it is malformed or names a file that is not there.
[[nodiscard]] Strings asset_names(std::span<const Asset> assets);

/// Answers with the gzip twin when the client takes it.
[[nodiscard]] http::Response serve(const Served& asset, const http::Request& request);

}  // namespace cardea::page
