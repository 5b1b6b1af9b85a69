#include <array>
#include <memory>
#include <stdexcept>

#include "encoding/form.hpp"
#include "http/cookie.hpp"
#include "http/problem.hpp"
#include "page/assets.hpp"
#include "page/flash.hpp"
#include "page/language_page.hpp"
#include "page/locale.hpp"
#include "page/menus.hpp"
#include "page/page.hpp"
#include "page/scope.hpp"

namespace cardea::page {
namespace {

constexpr std::string_view theme_cookie = "cardea-theme";

struct Sink {
  std::string text;
  Sink& operator<<(const std::string& piece) {
    text += piece;
    return *this;
  }
};

/// The chosen theme; anything but the two words is no choice, so the cookie cannot put text into the page.
std::string chosen_theme(const http::Request& request) {
  const auto theme = http::cookie(request, theme_cookie).value_or("");
  return std::string{theme == "light" || theme == "dark" ? theme : ""};
}

/// Who a page is shown to.
http::FormTokens::Reader reader_of(const http::Call& call) {
  return call.context.principal ? call.context.principal->account : std::nullopt;
}

constexpr std::array page_credentials{session_cookie};

http::Surface page_surface(http::ErrorWriter write_error) {
  return {.name = "page",
          .body = http::BodyKind::form,
          .credentials = page_credentials,
          .cross_site = http::CrossSite::form_token,
          .write_error = std::move(write_error),
          .status_of = &http::own_status,
          .is_for_browsers = true};
}

/// The link to the page where another language is chosen; empty where there is one language. It leads back here, and
/// with `next_query` in place of a `next` that nobody has looked at.
wire::Value language_link(const http::Request& request, const Language& now, std::span<const Language* const> offered,
                          const std::string& next_query) {
  if (offered.size() < 2) return {};
  const bool is_own = http::is_safe(request.method) && !http::query_value(request.query, "next");
  const auto here = is_own ? request.target : request.path + next_query;
  const bool is_there = request.path == language_path;
  return wire::Object{
      {"href", std::string{language_path} + (is_there ? "" : "?next=" + encoding::percent_encode(here))},
      {"name", now.name}};
}

void forbid_missing([[maybe_unused]] std::string_view page, [[maybe_unused]] const Scope& scope) {
#ifndef NDEBUG
  if (scope.missing().empty()) return;
  std::string names;
  for (const auto& name : scope.missing()) names += " " + name;
  throw std::logic_error("template " + std::string{page} + ": no value for" + names);
#endif
}

}  // namespace

struct Pages::State {
  Locales locales;
  std::vector<Served> served;
  Look look;
  std::vector<NavItem> navigation;
  const http::FormTokens* form_tokens;
  http::Surface surface;
};

Pages::Pages(std::span<const Asset> assets, Look look, const http::FormTokens& form_tokens,
             http::ErrorWriter write_error)
    : state_(std::make_unique<State>(State{.locales = Locales{assets, look.languages},
                                           .served = served_assets(assets),
                                           .look = std::move(look),
                                           .navigation = {},
                                           .form_tokens = &form_tokens,
                                           .surface = page_surface(std::move(write_error))})) {}

Pages::~Pages() = default;

void Pages::set_navigation(std::vector<NavItem> items) {
  const auto& locale = state_->locales.english();
  for (const auto& item : items) {
    auto pages = item.pages_below;
    pages.push_back(item.page);
    for (const auto page : pages) {
      if (locale.find(page) == nullptr) throw std::logic_error("navigation: no page " + std::string{page});
    }
    const auto label = "nav." + std::string{item.key};
    if (!locale.words().has(label)) throw std::logic_error("navigation: no string " + label);
  }
  state_->navigation = std::move(items);
}

const http::Surface& Pages::surface() const { return state_->surface; }
Words Pages::words(const http::Request& request) const { return state_->locales.of(request).words(); }
Words Pages::english() const { return state_->locales.english().words(); }
std::span<const Language* const> Pages::offered() const { return state_->locales.offered(); }

Words Pages::words_in(std::string_view tag) const {
  const auto* language = find_language(tag, offered());
  return state_->locales.of(language == nullptr ? *offered().front() : *language).words();
}

const Language* Pages::language_asked_for(const http::Request& request) const {
  return state_->locales.asked_for(request);
}

std::optional<Words> Pages::words_asked_for(const http::Request& request) const {
  const auto* language = language_asked_for(request);
  return language == nullptr ? std::nullopt : std::optional{state_->locales.of(*language).words()};
}

http::Response Pages::render(std::string_view name, const http::Call& call, Data data, int status) const {
  const auto& locale = state_->locales.of(call.request);
  const auto words = locale.words();
  const auto* page = locale.find(name);
  if (page == nullptr) throw std::out_of_range("no page " + std::string{name});
  auto root = to_mustache(data);
  if (!root.is_object()) root = mustache::data{mustache::data::type::object};
  for (const auto& [member, value] : state_->look.more) root[member] = to_mustache(value);
  root["brand"] = mustache::data{state_->look.brand};
  const auto theme = chosen_theme(call.request);
  root["theme"] = to_mustache(theme);
  root["light_theme"] = to_mustache(theme == "dark" ? "" : state_->look.light_theme);
  root["dark_theme"] = to_mustache(theme == "light" ? "" : state_->look.dark_theme);
  root["signed_in"] = mustache::data{call.is_signed_in()};
  root["reader"] = to_mustache(reader_name(call));
  root["lang"] = mustache::data{std::string{words.language().tag}};
  root["rtl"] = mustache::data{words.language().is_rtl};
  root["reader_initial"] = to_mustache(initial(reader_name(call)));
  const auto* next = data.find("next") == nullptr ? nullptr : data.find("next")->get<std::string>();
  const auto next_query = next == nullptr || next->empty() ? "" : "?next=" + encoding::percent_encode(*next);
  root["next_query"] = to_mustache(next_query);
  root["language"] = to_mustache(language_link(call.request, words.language(), offered(), next_query));
  for (const auto& [menu, items] : menus(state_->navigation, words, name)) root[menu] = to_mustache(items);

  http::Response response{.status = status};
  if (const auto notice = flash(call.request, name); notice && words.has("said." + *notice)) {
    root["notice"] = mustache::data{std::string{words.text("said." + *notice)}};
    clear_flash(response);
  }
  Scope scope{root, page->expanded().variables, [&] {
                auto issued = state_->form_tokens->issue(call.request, reader_of(call));
                if (issued.set_cookie) response.headers.add("Set-Cookie", *issued.set_cookie);
                return issued.token;
              }};
  Sink sink;
  sink.text.reserve(8 * 1024);
  page->parsed(name).render(scope, sink);
  forbid_missing(name, scope);
  response.headers.set("Content-Type", "text/html; charset=utf-8");
  response.headers.set("Content-Language", words.language().tag);
  response.body = std::move(sink.text);
  return response;
}

std::string reader_name(const http::Call& call) {
  if (!call.is_signed_in() || !call.summary) return {};
  const auto summary = wire::parse(*call.summary);
  const auto* user = summary.ok() ? summary->find("user") : nullptr;
  if (user == nullptr) return {};
  for (const auto* member : {"name", "uid", "email"}) {
    const auto* value = user->find(member);
    const auto* text = value == nullptr ? nullptr : value->get<std::string>();
    if (text != nullptr && !text->empty()) return *text;
  }
  return {};
}

const std::vector<std::string>& Pages::inputs(std::string_view name) const {
  const auto* page = state_->locales.english().find(name);
  if (page == nullptr) throw std::out_of_range("no page " + std::string{name});
  return page->expanded().inputs;
}

const std::string& Pages::home_url() const { return state_->look.home_url; }

std::vector<http::Route> Pages::asset_routes() const {
  std::vector<http::Route> routes;
  http::Routes assets{http::asset_surface(), routes};
  for (const auto& asset : state_->served) {
    assets.get(asset.path, http::Lane::instant, anyone,
               [&asset](const http::Call& call) -> Result<http::Response> { return serve(asset, call.request); });
  }
  return routes;
}

}  // namespace cardea::page
