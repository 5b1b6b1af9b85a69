#pragma once
// The pages of one language: its strings, and every template with them filled in. Only for .cpp files: it includes
// Mustache.

#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

#include "page/expand.hpp"
#include "page/language.hpp"
#include "page/page.hpp"
#include "page/scope.hpp"

namespace cardea::page {

/// A page, parsed when it is first asked for: in memory that is thirteen times its text, and many a server shows few.
class Template {
 public:
  explicit Template(Expanded expanded) : expanded_(std::move(expanded)) {}

  [[nodiscard]] const Expanded& expanded() const { return expanded_; }
  /// Mustache's `render` is not const, but changes the template only for lambdas and partials, which neither our data
  /// nor, after expansion, our templates have: one copy serves all threads. Throws std::logic_error.
  [[nodiscard]] mustache::mustache& parsed(std::string_view name) const;

 private:
  Expanded expanded_;
  mutable std::once_flag once_;
  mutable std::unique_ptr<mustache::mustache> parsed_;
};

class Locale {
 public:
  /// A string that this language does not have is the English one. Throws std::logic_error as the constructor of Pages.
  Locale(std::span<const Asset> assets, const Language& language);

  [[nodiscard]] Words words() const { return {*language_, strings_}; }
  /// Null: there is no such page.
  [[nodiscard]] const Template* find(std::string_view page) const;

 private:
  const Language* language_;
  Strings strings_;
  std::map<std::string, Template, std::less<>> templates_;
};

/// Every language that is offered. English is made at once, so that what is wrong stops the start; the others when they
/// are first asked for, because each takes as much memory and many a server is asked for one. Thread-safe.
class Locales {
 public:
  /// `tags` in the order of preference: who asks for none of them gets the first. Throws std::logic_error on one that
  /// `find_language` does not know.
  Locales(std::span<const Asset> assets, std::span<const std::string> tags);

  /// What the language of a request is: the one that was chosen here (a cookie), or else asked for by the browser.
  /// Null: neither says one that is offered.
  [[nodiscard]] const Language* asked_for(const http::Request& request) const;
  [[nodiscard]] const Locale& of(const http::Request& request) const;
  [[nodiscard]] const Locale& of(const Language& language) const;
  [[nodiscard]] const Locale& english() const { return english_; }
  [[nodiscard]] std::span<const Language* const> offered() const { return offered_; }

 private:
  struct Lazy {
    std::once_flag once;
    std::unique_ptr<Locale> locale;
  };
  std::span<const Asset> assets_;
  std::vector<const Language*> offered_;
  Locale english_;
  std::unique_ptr<Lazy[]> others_;  // by place in `languages()`
};

/// The cookie of who has chosen a language here; its value is a tag.
inline constexpr std::string_view language_cookie = "cardea-language";

}  // namespace cardea::page
