#include "app/house.hpp"
#include "encoding/form.hpp"
#include "http/cookie.hpp"
#include "http/problem.hpp"
#include "page/words.hpp"
#include "throttle/throttle.hpp"

namespace cardea::app {
namespace {

constexpr std::string_view notes_path = "/account/notes";

/// The page with the form that was posted, when somebody was stopped: a post cannot be repeated, and not every address
/// that takes one can be visited.
std::string form_of(const http::Call& call) {
  const std::string& path = call.request.path;
  if (path.starts_with("/account/sessions")) return "/account/sessions";
  if (path.starts_with("/account/notes"))
    return path.substr(0, path.ends_with("/delete") ? path.rfind('/') : path.npos);
  const bool has_form = path == "/account/security" || path == "/account/delete";
  return has_form ? path : "/account";
}

/// Where somebody who was stopped wanted to go.
std::string wanted(const http::Call& call) {
  constexpr std::size_t longest = 500;  // encoded it may be three times that
  auto place = http::is_safe(call.request.method) ? call.request.target : form_of(call);
  if (place.size() > longest) place = call.request.path;
  return encoding::percent_encode(place.size() <= longest ? place : "/account");
}

// The strings of web/locales are by what a person can do about it, which is coarser than the code.
std::string key_of(const page::Pages& pages, const http::Call& call, const Error& error) {
  if (error.is(http::too_large) && call.route.path.starts_with(notes_path)) return "errors.too_large_note";
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

http::ErrorPage error_page(const page::Pages& pages, const note::Settings& note) {
  return [&pages, &note](const http::Call& call, const Error& error) -> http::Response {
    if (error.is(http::unauthenticated)) return page::redirect("/signin?next=" + wanted(call));
    if (error.is(http::reauth_required)) return page::redirect("/reauth?next=" + wanted(call));
    const std::string key = key_of(pages, call, error);
    const auto wait = page::wait_text(pages, error.retry_after.value_or(std::chrono::seconds{1}));
    const auto size = note::size_text(note.max_image);
    wire::Object data{{"status", error.kind->status},
                      {"heading", pages.string(key + ".heading")},
                      {"text", pages.string(key + ".text", {{"wait", wait}, {"max_image_text", size}})},
                      {"request_id", call.id.text()}};
    if (pages.has_string(key + ".action")) {
      data.push_back({"action", wire::Object{{"href", notes_path}, {"label", pages.string(key + ".action")}}});
    }
    auto response = pages.render("error", call, std::move(data), error.kind->status);
    http::add_error_headers(response, error, http::Style::page);
    return response;
  };
}

}  // namespace cardea::app
