#pragma once
// page: HTML from Mustache templates, escaped by default, and the form token that every form carries.
//
// Owns: templates, the English strings, the asset table. Never: what a page says about a person.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "encoding/value.hpp"
#include "http/route.hpp"

namespace cardea::page {

/// A file embedded into the program; content lives as long as the program.
struct Asset {
  std::string_view path;  // "pages/signin.html", "dist/auth.css", "locales/en.json"
  std::string_view content;
};

/// Every embedded file below web/ (pages, locales) and web/dist (assets).
std::span<const Asset> embedded_assets();

/// What a template sees: JSON-like data (objects, arrays, text, numbers as text, booleans).
using Data = wire::Value;

/// Renders pages. Thread-safe; made once.
class Pages {
 public:
  /// `brand` is the name shown in the header and titles.
  Pages(std::span<const Asset> assets, std::string brand);
  ~Pages();

  /// Renders "pages/<name>.html" inside "pages/layout.html". Besides `data`, templates see `t` (the strings of
  /// locales/en.json), `brand`, `theme` ("light", "dark" or empty, from the theme cookie), `csrf` (the form token)
  /// and `asset` (hashed asset paths by logical name, dots replaced: asset.auth_css). Sets Content-Type.
  [[nodiscard]] http::Response render(std::string_view name, const http::Call& call, Data data, int status = 200) const;

  /// The text of one string ("signin.title"); the key itself when missing.
  [[nodiscard]] std::string_view string(std::string_view key) const;

  /// Routes that serve web/dist files by hashed name, immutable, on the instant lane.
  [[nodiscard]] std::vector<http::Route> asset_routes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// 303 to a path on this origin.
[[nodiscard]] http::Response redirect(std::string_view path);

/// A path that may follow a sign-in: begins with one "/", no "//", backslash, control or scheme; else `fallback`.
[[nodiscard]] std::string safe_next(std::optional<std::string> next, std::string_view fallback);

}  // namespace cardea::page
