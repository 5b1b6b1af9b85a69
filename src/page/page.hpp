#pragma once
// page: HTML from Mustache templates, escaped by default, and the form token that every form carries.
//
// Owns: templates, strings in each language, the asset table. Never: what a page says about a person.
// What each template expects is written in web/README.md.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "encoding/value.hpp"
#include "http/form_token.hpp"
#include "http/route.hpp"
#include "page/navigation.hpp"
#include "page/words.hpp"

namespace cardea::page {

/// A file embedded into the program; content lives as long as the program.
struct Asset {
  std::string_view path;  // "shared/error.html", "shared/strings/en.json", "dist/auth.3f2a9c1b.css"
  std::string_view content;
};

/// Every embedded file below web/: templates and strings of each folder, and web/dist (assets, and gzip twins named
/// "….gz").
std::span<const Asset> embedded_assets();

/// What a template sees: JSON-like data. Empty text, null, false, an empty list and an empty object make a section
/// false. An object's text member `type` also sets `is_<type>`, because Mustache cannot compare.
using Data = wire::Value;

/// Renders pages. Thread-safe; made once.
class Pages {
 public:
  /// `look.brand` is the name shown in the header and titles, `look.languages` the tags of those offered, of which the
  /// first is for who asks for none of them; empty: English alone. Throws std::logic_error on a template that is
  /// malformed, holds an unescaped tag or a changed delimiter, or names a string, part or asset that does not exist,
  /// and when two folders have a template or a string of the same name.
  struct Look {
    std::string brand;
    std::vector<std::string> languages = {};
    wire::Object more = {};  // what every page sees besides: the logo, the style of the brand
    std::string light_theme = "#fafaf8", dark_theme = "#0d0f12";  // what a browser paints around pages
    std::string home_url = {};  // where the start page leads; empty: it is a page here
  };
  /// `write_error` is what pages answer errors with; it may use this object.
  Pages(std::span<const Asset> assets, Look look, const http::FormTokens& form_tokens, http::ErrorWriter write_error);
  ~Pages();

  /// What the menus hold, in this order; once, before the first page is rendered. Throws std::logic_error when a page
  /// or the string `nav.<key>` of an item does not exist.
  void set_navigation(std::vector<NavItem> items);

  /// The surface of pages: forms with their token, the session cookie, errors as pages. Valid as long as this object.
  [[nodiscard]] const http::Surface& surface() const;

  /// Renders "<folder>/<name>.html" inside "shared/layout.html". Besides `data`, templates see `brand`, `theme`
  /// ("light", "dark" or empty, from the theme cookie), `csrf` (the form token), `signed_in`, `reader` (the name of who
  /// is signed in, or their user id or address), `reader_initial`, `lang`, `rtl`, `language` (a link to where it is
  /// chosen), the menus, `in_account`, `next_query` ("?next=…" when `data` has `next`), and `notice` when a `redirect`
  /// had this page say something; `t.…` (strings of web/*/strings) and `asset.…` (hashed asset paths, punctuation as
  /// "_": asset.auth_css) are filled in once. Sets Content-Type, Content-Language, and Set-Cookie when a form token had
  /// to be made. Throws std::out_of_range on an unknown page; a debug build throws std::logic_error when a variable
  /// outside `values` and `errors` has no value.
  [[nodiscard]] http::Response render(std::string_view name, const http::Call& call, Data data, int status = 200) const;

  /// The strings in the language of who asks: the one that they chose here, or else the best of those that their
  /// browser names, or else the first that is offered.
  [[nodiscard]] Words words(const http::Request& request) const;
  [[nodiscard]] Words words(const http::Call& call) const { return words(call.request); }
  /// That language itself, when they did choose or name one that is offered; null: they did not.
  [[nodiscard]] const Language* language_asked_for(const http::Request& request) const;
  /// Its strings, likewise.
  [[nodiscard]] std::optional<Words> words_asked_for(const http::Request& request) const;
  [[nodiscard]] Words english() const;
  /// In the language of that tag, or the first that is offered.
  [[nodiscard]] Words words_in(std::string_view tag) const;
  [[nodiscard]] std::span<const Language* const> offered() const;

  /// The names of the inputs beside which a page can show a problem, in the order of the page. Throws std::out_of_range
  /// on an unknown page. Valid as long as this object.
  [[nodiscard]] const std::vector<std::string>& inputs(std::string_view name) const;

  [[nodiscard]] const std::string& home_url() const;

  /// Routes that serve web/dist files below /assets/ by hashed name, immutable, on the instant lane. They view this
  /// object, which must outlive them.
  [[nodiscard]] std::vector<http::Route> asset_routes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The sign that stands for somebody of this name: its first character, with the marks that belong to it.
[[nodiscard]] std::string initial(std::string_view name);

/// How who is signed in is called: their name, or else user id or address. Empty: nobody is, or memory does not say.
[[nodiscard]] std::string reader_name(const http::Call& call);

/// 303 to a path on this origin. Throws std::invalid_argument when `path` could lead elsewhere. `flash` has the page
/// say the string `said.<page>.<what>` once, when it is next shown to this browser: "account.saved".
[[nodiscard]] http::Response redirect(std::string_view path, std::string_view flash = {});

/// A path that may follow a sign-in: begins with one "/", no "//", backslash, control or scheme; else `fallback`.
[[nodiscard]] std::string safe_next(std::optional<std::string> next, std::string_view fallback);

/// The query of pages that lead on to another one.
struct NextQuery {
  std::optional<std::string> next;
};
template <class D>
void describe(D& d, wire::Of<D, NextQuery>& query) {
  d.optional("next", query.next, {.max = 2000});
}
/// The query of pages that a link with a secret leads to.
struct LinkQuery {
  std::string link;
};
template <class D>
void describe(D& d, wire::Of<D, LinkQuery>& query) {
  d.optional("link", query.link, {.max = 200});
}
/// The secret: `link` of the form, else of the query, on a route that declares LinkQuery; empty where neither has one.
[[nodiscard]] std::string asked_link(const http::Call& call);
/// `next` of the form, else of the query, on a route that declares NextQuery; absent where neither has one.
[[nodiscard]] std::optional<std::string> asked_next(const http::Call& call);

}  // namespace cardea::page
