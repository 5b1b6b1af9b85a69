#include "app/house.hpp"
#include "encoding/form.hpp"
#include "http/cookie.hpp"
#include "http/problem.hpp"
#include "http/router.hpp"
#include "page/form.hpp"
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

/// A form of a page that was opened under another name of this server: its host is the one that was asked.
bool is_of_another_name(const http::Call& call, const Error& error) {
  if (!error.is(http::cross_site)) return false;
  const auto& headers = call.request.headers;
  const auto origin = headers.get("Origin");
  const auto host = headers.get("Host");
  return headers.get("Sec-Fetch-Site") == "same-origin" ||
         (!host.empty() && origin.ends_with("://" + std::string{host}));
}

// The strings of the pages are by what a person can do about it, which is coarser than the code.
std::string key_of(const page::Words& words, const http::Call& call, const Error& error) {
  if (const auto* own = own_text(call, error)) return "errors." + own->key;
  if (error.is(http::form_expired) && !http::cookie(call.request, http::FormTokens::cookie_name)) {
    return "errors.no_cookie";
  }
  if (is_of_another_name(call, error)) return "errors.another_name";
  if (error.is(throttle::rate_limited) && error.retry_after) return "errors.rate_limited_for";
  std::string exact = "errors." + std::string{error.kind->code};
  if (words.has(exact + ".heading")) return exact;
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

/// Whether somebody was signed in when they opened what they now ask for: a form, which only they are shown, or a page
/// with the cookie of a session that is no more. Signing out removes that.
bool has_ended(const http::Call& call) {
  return !http::is_safe(call.request.method) || http::cookie(call.request, session_cookie.cookie).has_value();
}

/// The texts of a form that was not taken, so that its writer can save them: they are in the browser they came from.
wire::Array written(const page::Words& words, const http::Call& call) {
  wire::Array texts;
  const auto* inputs = call.form.get<wire::Object>();
  if (inputs == nullptr) return texts;
  for (const auto& [name, value] : *inputs) {
    const auto* text = value.get<std::string>();
    const auto label = "field." + name;
    if (text == nullptr || text->empty() || page::is_password(name) || !words.has(label)) continue;
    texts.emplace_back(wire::Object{{"name", name}, {"label", words.text(label)}, {"text", *text}});
  }
  return texts;
}

/// Where the button of an error page leads, when its words name a place.
std::string way_out(const ErrorPages& all, const http::Call& call, const Error& error) {
  if (const auto* own = own_text(call, error)) return std::string{own->href};
  const auto page = http::is_safe(call.request.method) ? call.request.target : form_of(all.routes, call);
  return is_of_another_name(call, error) ? std::string{all.url} + page : page;
}

}  // namespace

http::Response error_page(const ErrorPages& all, const http::Call& call, const Error& error) {
  if (error.is(http::unauthenticated)) {
    return page::redirect("/signin?next=" + wanted(all.routes, call), has_ended(call) ? "signin.ended" : "");
  }
  if (error.is(http::reauth_required)) return page::redirect("/reauth?next=" + wanted(all.routes, call));
  const auto words = all.pages.words(call);
  const std::string key = key_of(words, call, error);
  std::vector<std::pair<std::string, std::string>> values{
      {"wait", page::wait_text(words, error.retry_after.value_or(std::chrono::seconds{1}))},
      {"url", std::string{all.url}}};
  if (const auto* own = own_text(call, error)) values.insert(values.end(), own->values.begin(), own->values.end());
  wire::Object data{{"status", error.kind->status},
                    {"heading", words.text(key + ".heading", values)},
                    {"text", words.text(key + ".text", values)},
                    {"request_id", call.context.origin.request.value().text()}};
  if (words.has(key + ".action")) {
    data.push_back(
        {"action", wire::Object{{"href", way_out(all, call, error)}, {"label", words.text(key + ".action", values)}}});
  }
  if (error.is(http::form_of_another)) {
    auto texts = written(words, call);
    data.push_back({"person", page::reader_name(call)});
    data.push_back({"has_written", !texts.empty()});
    data.push_back({"written", std::move(texts)});
  }
  auto response = all.pages.render("error", call, std::move(data), error.kind->status);
  http::add_retry_after(response, error);
  return response;
}

}  // namespace cardea::app
