#pragma once
// Turns a template's source into what Mustache parses: parts and strings filled in once, at start, not per request.

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cardea::page {

using Strings = std::map<std::string, std::string, std::less<>>;

struct Sources {
  std::map<std::string, std::string_view, std::less<>> pages;  // "signin", "parts/bar": without folder and ".html"
  Strings strings;                                             // "signin.title" → text
  Strings assets;                                              // "auth_css" → "/assets/auth.3f2a9c1b.css"
};

struct Expanded {
  std::string text;
  std::set<std::string, std::less<>> variables;  // names that must have a value: printed, and no section asks for them
  std::vector<std::string> inputs;  // of which it can show an error, in the order of the page
};

/// Expands "layout" around the page of that name: `{{> page}}` is the page, `{{> x}}` the file parts/x, `{{> x*}}`
/// every one whose name begins so, `{{t.a.b}}` a string, `{{t.@.b}}` a string of this page, `{{asset.x}}` a path.
/// Indentation goes. Strings may hold variables.
///
/// Throws std::logic_error on a name that does not exist and on `{{{`, `{{&` and `{{=`, which would print unescaped.
[[nodiscard]] Expanded expand(const Sources& sources, std::string_view name);

/// Escapes text for HTML content and quoted attributes; Mustache tags stay.
[[nodiscard]] std::string escape(std::string_view text);

}  // namespace cardea::page
