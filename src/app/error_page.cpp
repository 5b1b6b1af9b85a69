#include "app/house.hpp"
#include "encoding/form.hpp"
#include "http/problem.hpp"
#include "throttle/throttle.hpp"

namespace cardea::app {
namespace {

// Where somebody who was stopped wanted to go; a post cannot be repeated, so its form is shown again.
std::string wanted(const http::Call& call) {
  constexpr std::size_t longest = 500;  // encoded it may be three times that
  const bool whole = http::is_safe(call.request.method) && call.request.target.size() <= longest;
  const auto& place = whole ? call.request.target : call.request.path;
  return encoding::percent_encode(place.size() <= longest ? place : "/account");
}

// The strings of web/locales are by what a person can do about it, which is coarser than the code.
std::string key_of(const page::Pages& pages, const Error& error) {
  const std::string exact = "errors." + std::string{error.kind->code};
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

http::ErrorPage error_page(const page::Pages& pages) {
  return [&pages](const http::Call& call, const Error& error) -> http::Response {
    if (error.is(http::unauthenticated)) return page::redirect("/signin?next=" + wanted(call));
    if (error.is(http::reauth_required)) return page::redirect("/reauth?next=" + wanted(call));
    const std::string key = key_of(pages, error);
    wire::Object data{{"status", error.kind->status},
                      {"heading", pages.string(key + ".heading")},
                      {"text", pages.string(key + ".text")},
                      {"request_id", call.id.text()}};
    auto response = pages.render("error", call, std::move(data), error.kind->status);
    http::add_error_headers(response, error, http::Style::page);
    return response;
  };
}

}  // namespace cardea::app
