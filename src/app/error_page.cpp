#include "app/house.hpp"
#include "encoding/form.hpp"
#include "http/cookie.hpp"
#include "http/problem.hpp"
#include "http/router.hpp"
#include "page/words.hpp"
#include "throttle/throttle.hpp"

namespace cardea::app {
namespace {

/// The page with the form that was posted, when somebody was stopped: a post cannot be repeated, and not every address
/// that takes one can be visited. It is the nearest one above that can, for this surface.
std::string form_of(const std::vector<http::Route>& routes, const http::Call& call) {
  const http::Router router{routes};
  std::vector<std::string> params;
  for (std::string path = call.request.path; path.size() > 1; path.resize(path.rfind('/'))) {
    const auto* route = router.find(http::Method::get, path, params).route;
    if (route != nullptr && route->surface == call.route.surface) return path;
    if (path.rfind('/') == 0) break;
  }
  return "/account";
}

/// Where somebody who was stopped wanted to go.
std::string wanted(const std::vector<http::Route>& routes, const http::Call& call) {
  constexpr std::size_t longest = 500;  // encoded it may be three times that
  auto place = http::is_safe(call.request.method) ? call.request.target : form_of(routes, call);
  if (place.size() > longest) place = call.request.path;
  return encoding::percent_encode(place.size() <= longest ? place : "/account");
}

// What the route itself has to say about this error.
const http::ErrorText* own_text(const http::Call& call, const Error& error) {
  const auto& text = call.route.error_text;
  return text && error.is(*text->kind) ? text.get() : nullptr;
}

// The strings of the pages are by what a person can do about it, which is coarser than the code.
std::string key_of(const page::Pages& pages, const http::Call& call, const Error& error) {
  if (const auto* own = own_text(call, error)) return "errors." + own->key;
  if (error.is(http::form_expired) && !http::cookie(call.request, http::FormTokens::cookie_name)) {
    return "errors.no_cookie";
  }
  if (error.is(throttle::rate_limited) && error.retry_after) return "errors.rate_limited_for";
  std::string exact = "errors." + std::string{error.kind->code};
  if (pages.has_string(exact + ".heading")) return exact;
  switch (error.kind->status) {
    case 401: return "errors.unauthenticated";
    case 403: return "errors.forbidden";
    case 404: return "errors.not_found";
    case 413: return "errors.too_large";
    case 429: return "errors.rate_limited";
    case 503: return "errors.unavailable";
    default: return error.kind->status < 500 ? "errors.bad_request" : "errors.internal";
  }
}

}  // namespace

http::Response error_page(const page::Pages& pages, const std::vector<http::Route>& routes, const http::Call& call,
                          const Error& error) {
  if (error.is(http::unauthenticated)) return page::redirect("/signin?next=" + wanted(routes, call));
  if (error.is(http::reauth_required)) return page::redirect("/reauth?next=" + wanted(routes, call));
  const std::string key = key_of(pages, call, error);
  const auto* own = own_text(call, error);
  std::vector<std::pair<std::string, std::string>> values{
      {"wait", page::wait_text(pages, error.retry_after.value_or(std::chrono::seconds{1}))}};
  if (own != nullptr) values.insert(values.end(), own->values.begin(), own->values.end());
  wire::Object data{{"status", error.kind->status},
                    {"heading", pages.string(key + ".heading")},
                    {"text", pages.string(key + ".text", values)},
                    {"request_id", call.context.origin.request.value().text()}};
  if (own != nullptr && pages.has_string(key + ".action")) {
    data.push_back({"action", wire::Object{{"href", own->href}, {"label", pages.string(key + ".action")}}});
  }
  auto response = pages.render("error", call, std::move(data), error.kind->status);
  http::add_retry_after(response, error);
  return response;
}

}  // namespace cardea::app
