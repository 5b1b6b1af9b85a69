#include "page/language_page.hpp"

#include "http/cookie.hpp"
#include "page/form.hpp"
#include "page/locale.hpp"

namespace cardea::page {
namespace {

constexpr std::chrono::days a_year{365};

std::string next_of(const http::Call& call) { return safe_next(asked_next(call), ""); }

Result<http::Response> show(const Pages& pages, const http::Call& call) {
  const auto& chosen = pages.words(call).language();
  wire::Array choices;
  for (const auto* language : pages.offered()) {
    choices.emplace_back(wire::Object{
        {"tag", language->tag}, {"name", language->name}, {"rtl", language->is_rtl}, {"chosen", language == &chosen}});
  }
  return pages.render("language", call, wire::Object{{"choices", std::move(choices)}, {"next", next_of(call)}});
}

Result<http::Response> choose(const Pages& pages, const http::Call& call) {
  const auto* language = find_language(typed(call.form, "language"), pages.offered());
  if (language == nullptr) return show(pages, call);
  const auto next = next_of(call);
  auto response = redirect(next.empty() ? "/" : next);
  response.headers.add("Set-Cookie", http::set_cookie(language_cookie, language->tag, {.max_age = a_year}));
  return response;
}

}  // namespace

std::vector<http::Route> language_routes(const Pages& pages) {
  std::vector<http::Route> routes;
  if (pages.offered().size() < 2) return routes;
  using http::Lane;
  http::Routes added{pages.surface(), routes};
  added.get(language_path, Lane::quick, if_signed_in, [&pages](const http::Call& call) { return show(pages, call); });
  added.post(language_path, Lane::quick, if_signed_in,
             [&pages](const http::Call& call) { return choose(pages, call); });
  for (auto& route : routes) route.query = &http::query_of<NextQuery>();
  return routes;
}

}  // namespace cardea::page
