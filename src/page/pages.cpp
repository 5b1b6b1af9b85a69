#include <array>
#include <memory>
#include <mutex>
#include <stdexcept>

#include "encoding/form.hpp"
#include "http/cookie.hpp"
#include "http/problem.hpp"
#include "page/assets.hpp"
#include "page/expand.hpp"
#include "page/flash.hpp"
#include "page/menus.hpp"
#include "page/page.hpp"
#include "page/scope.hpp"

namespace cardea::page {
namespace {

constexpr std::string_view theme_cookie = "cardea-theme";

/// A page, parsed when it is first asked for: in memory that is thirteen times its text, and many a server shows few.
class Template {
 public:
  explicit Template(Expanded expanded) : expanded_(std::move(expanded)) {}

  [[nodiscard]] const Expanded& expanded() const { return expanded_; }
  /// Mustache's `render` is not const, but changes the template only for lambdas and partials, which neither our data
  /// nor, after expansion, our templates have: one copy serves all threads. Throws std::logic_error.
  [[nodiscard]] mustache::mustache& parsed(std::string_view name) {
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

 private:
  Expanded expanded_;
  std::once_flag once_;
  std::unique_ptr<mustache::mustache> parsed_;
};

struct Sink {
  std::string text;
  Sink& operator<<(const std::string& piece) {
    text += piece;
    return *this;
  }
};

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

Strings read_strings(std::span<const Asset> assets) {
  Strings strings;
  for (const auto& [path, content] : assets) {
    if (!path.ends_with("/strings/en.json")) continue;
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

/// "error" for "shared/error.html", "parts/bar" for "shared/parts/bar.html".
std::string_view name_of(std::string_view path) {
  constexpr std::string_view ending = ".html";
  path.remove_suffix(ending.size());
  return path.substr(path.find('/') + 1);
}

Sources read_sources(std::span<const Asset> assets) {
  Sources sources{.pages = {}, .strings = read_strings(assets), .assets = asset_names(assets)};
  for (const auto& [path, content] : assets) {
    if (!path.ends_with(".html")) continue;
    if (!sources.pages.emplace(name_of(path), content).second) {
      throw std::logic_error(std::string{path} + ": another folder has one of this name");
    }
  }
  return sources;
}

bool is_page(std::string_view name) { return name != "layout" && !name.starts_with("parts/"); }

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
  std::map<std::string, Template, std::less<>> templates;
  Strings strings;
  std::vector<Served> served;
  Look look;
  std::vector<NavItem> navigation;
  const http::FormTokens* form_tokens;
  http::Surface surface;
};

Pages::Pages(std::span<const Asset> assets, Look look, const http::FormTokens& form_tokens,
             http::ErrorWriter write_error) {
  auto sources = read_sources(assets);
  state_ = std::make_unique<State>(State{.templates = {},
                                         .strings = {},
                                         .served = served_assets(assets),
                                         .look = std::move(look),
                                         .navigation = {},
                                         .form_tokens = &form_tokens,
                                         .surface = page_surface(std::move(write_error))});
  for (const auto& [name, source] : sources.pages) {
    if (!is_page(name)) continue;
    [[maybe_unused]] auto& page = state_->templates.try_emplace(name, expand(sources, name)).first->second;
#ifndef NDEBUG
    (void)page.parsed(name);  // so that every test sees a template that cannot be
#endif
  }
  state_->strings = std::move(sources.strings);
}

Pages::~Pages() = default;

void Pages::set_navigation(std::vector<NavItem> items) {
  for (const auto& item : items) {
    auto pages = item.pages_below;
    pages.push_back(item.page);
    for (const auto page : pages) {
      if (!state_->templates.contains(page)) throw std::logic_error("navigation: no page " + std::string{page});
    }
    const auto label = "nav." + std::string{item.key};
    if (!has_string(label)) throw std::logic_error("navigation: no string " + label);
  }
  state_->navigation = std::move(items);
}

const http::Surface& Pages::surface() const { return state_->surface; }

http::Response Pages::render(std::string_view name, const http::Call& call, Data data, int status) const {
  const auto found = state_->templates.find(name);
  if (found == state_->templates.end()) throw std::out_of_range("no page " + std::string{name});
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
  root["reader_initial"] = to_mustache(initial(reader_name(call)));
  const auto* next = data.find("next") == nullptr ? nullptr : data.find("next")->get<std::string>();
  root["next_query"] = to_mustache(next == nullptr ? "" : "?next=" + encoding::percent_encode(*next));
  for (const auto& [menu, items] : menus(state_->navigation, state_->strings, name)) root[menu] = to_mustache(items);

  http::Response response{.status = status};
  if (const auto notice = flash(call.request, name); notice && has_string("said." + *notice)) {
    root["notice"] = mustache::data{std::string{string("said." + *notice)}};
    clear_flash(response);
  }
  Scope scope{root, found->second.expanded().variables, [&] {
                auto issued = state_->form_tokens->issue(call.request, reader_of(call));
                if (issued.set_cookie) response.headers.add("Set-Cookie", *issued.set_cookie);
                return issued.token;
              }};
  Sink sink;
  sink.text.reserve(8 * 1024);
  found->second.parsed(name).render(scope, sink);
  forbid_missing(name, scope);
  response.headers.set("Content-Type", "text/html; charset=utf-8");
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

std::string_view Pages::string(std::string_view key) const {
  const auto found = state_->strings.find(key);
  return found == state_->strings.end() ? key : std::string_view{found->second};
}

std::string Pages::string(std::string_view key, const std::vector<std::pair<std::string, std::string>>& values) const {
  std::string out{string(key)};
  for (const auto& [name, value] : values) {
    const auto tag = "{{" + name + "}}";
    for (auto at = out.find(tag); at != std::string::npos; at = out.find(tag, at + value.size())) {
      out.replace(at, tag.size(), value);
    }
  }
  return out;
}

const std::vector<std::string>& Pages::inputs(std::string_view name) const {
  const auto found = state_->templates.find(name);
  if (found == state_->templates.end()) throw std::out_of_range("no page " + std::string{name});
  return found->second.expanded().inputs;
}

const std::string& Pages::home_url() const { return state_->look.home_url; }

bool Pages::has_string(std::string_view key) const { return state_->strings.contains(key); }

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
