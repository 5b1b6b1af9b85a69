#include "page/locale.hpp"

#include <stdexcept>

#include "http/cookie.hpp"
#include "page/assets.hpp"

namespace cardea::page {
namespace {

void flatten(const wire::Object& members, const std::string& prefix, Strings& out) {
  for (const auto& [name, value] : members) {
    std::string key = prefix;
    key += name;
    if (const auto* text = value.get<std::string>()) {
      out[key] = *text;
    } else if (const auto* inner = value.get<wire::Object>()) {
      flatten(*inner, key += '.', out);
    } else {
      throw std::logic_error("locale: " + key + " is not text");
    }
  }
}

Strings read_strings(std::span<const Asset> assets, std::string_view tag) {
  const auto ending = "/strings/" + std::string{tag} + ".json";
  Strings strings;
  for (const auto& [path, content] : assets) {
    if (!path.ends_with(ending)) continue;
    const auto parsed = wire::parse(content);
    const auto* members = parsed.ok() ? parsed.value().get<wire::Object>() : nullptr;
    if (members == nullptr) throw std::logic_error(std::string{path} + " is malformed");
    Strings of_folder;
    flatten(*members, "", of_folder);
    strings.merge(of_folder);
    if (!of_folder.empty()) throw std::logic_error(std::string{path} + ": elsewhere too: " + of_folder.begin()->first);
  }
  return strings;
}

Strings strings_in(std::span<const Asset> assets, const Language& language) {
  auto strings = read_strings(assets, language.tag);
  if (&language != &english()) strings.merge(read_strings(assets, english().tag));  // keeps what is there
  return strings;
}

/// "error" for "shared/error.html", "parts/bar" for "shared/parts/bar.html".
std::string_view name_of(std::string_view path) {
  constexpr std::string_view ending = ".html";
  path.remove_suffix(ending.size());
  return path.substr(path.find('/') + 1);
}

Sources read_sources(std::span<const Asset> assets, const Language& language) {
  Sources sources{.pages = {}, .strings = strings_in(assets, language), .assets = asset_names(assets)};
  for (const auto& [path, content] : assets) {
    if (!path.ends_with(".html")) continue;
    if (!sources.pages.emplace(name_of(path), content).second) {
      throw std::logic_error(std::string{path} + ": another folder has one of this name");
    }
  }
  return sources;
}

bool is_page(std::string_view name) { return name != "layout" && !name.starts_with("parts/"); }

std::vector<const Language*> read_tags(std::span<const std::string> tags) {
  std::vector<const Language*> offered;
  for (const auto& tag : tags) {
    const auto* language = find_language(tag);
    if (language == nullptr) throw std::logic_error("no language " + tag);
    offered.push_back(language);
  }
  if (offered.empty()) offered.push_back(&english());
  return offered;
}

}  // namespace

mustache::mustache& Template::parsed(std::string_view name) const {
  std::call_once(once_, [&] {
    auto parsed = std::make_unique<mustache::mustache>(expanded_.text);
    if (!parsed->is_valid()) {
      throw std::logic_error("template " + std::string{name} + ": " + parsed->error_message());
    }
    parsed->set_custom_escape([](const std::string& text) { return escape(text); });
    parsed_ = std::move(parsed);
  });
  return *parsed_;
}

Locale::Locale(std::span<const Asset> assets, const Language& language) : language_(&language) {
  auto sources = read_sources(assets, language);
  for (const auto& [name, source] : sources.pages) {
    if (!is_page(name)) continue;
    [[maybe_unused]] const auto& page = templates_.try_emplace(name, expand(sources, name)).first->second;
#ifndef NDEBUG
    (void)page.parsed(name);  // so that every test sees a template that cannot be
#endif
  }
  strings_ = std::move(sources.strings);
}

const Template* Locale::find(std::string_view page) const {
  const auto found = templates_.find(page);
  return found == templates_.end() ? nullptr : &found->second;
}

Locales::Locales(std::span<const Asset> assets, std::span<const std::string> tags)
    : assets_(assets),
      offered_(read_tags(tags)),
      english_(assets, page::english()),
      others_(std::make_unique<Lazy[]>(languages().size())) {}

const Language* Locales::asked_for(const http::Request& request) const {
  const auto chosen = http::cookie(request, language_cookie);
  if (const auto* language = chosen ? find_language(*chosen, offered_) : nullptr) return language;
  return best_language(request.headers.get("Accept-Language"), offered_);
}

const Locale& Locales::of(const http::Request& request) const {
  const auto* language = asked_for(request);
  return of(language != nullptr ? *language : *offered_.front());
}

const Locale& Locales::of(const Language& language) const {
  if (&language == &page::english()) return english_;
  Lazy& lazy = others_[static_cast<std::size_t>(&language - languages().data())];
  std::call_once(lazy.once, [&] { lazy.locale = std::make_unique<Locale>(assets_, language); });
  return *lazy.locale;
}

}  // namespace cardea::page
