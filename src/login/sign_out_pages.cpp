#include "login/sign_out_pages.hpp"

#include <algorithm>

#include "authn/credentials.hpp"
#include "authn/credentials_answer.hpp"
#include "http/origin.hpp"
#include "http/site.hpp"
#include "page/form.hpp"

namespace cardea::login {
namespace {

/// What may stand in an address. Anything else some browser strips or rewrites, and then it is another one.
bool is_plain(char c) {
  constexpr std::string_view marks = "-._~!$&'()*+,;=:/?#%[]";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         marks.find(c) != std::string_view::npos;
}

/// Whether it is an address in full of a front end, and could not be read as another.
bool is_front_end(const Deps& deps, std::string_view address) {
  constexpr std::size_t longest = 2000;
  if (address.size() > longest || !std::ranges::all_of(address, is_plain)) return false;
  const auto origin = http::origin_of_url(address);
  return !origin.empty() && std::ranges::any_of(deps.front_ends, [&](const std::string& each) {
    return http::canonical_origin(each) == origin;
  });
}

struct Next {
  std::string place = {};       // a path here, or an address; empty: none was asked for that may be
  bool is_elsewhere = false;
};

Next next_of(const Deps& deps, const http::Call& call) {
  const auto wanted = page::asked_next(call).value_or("");
  if (is_front_end(deps, wanted)) return {.place = wanted, .is_elsewhere = true};
  return {.place = page::safe_next(wanted, "")};
}

http::Response lead_on(const Next& next) {
  if (!next.is_elsewhere) return page::redirect(next.place.empty() ? "/" : next.place, "home.signed_out");
  http::Response response{.status = 303};
  response.headers.set("Location", next.place);
  return response;
}

Result<http::Response> show(const Deps& deps, const http::Call& call) {
  const auto next = next_of(deps, call);
  // Another surface has a cookie of its own, which signing out ends too.
  const bool is_out = !call.is_signed_in() && authn::presented_sessions(deps.authn, call).empty();
  if (is_out) return lead_on(next);
  return deps.pages.render("signout", call, wire::Object{{"next", next.place}});
}

// After a form, the policy of pages forbids a redirect to elsewhere: a page leads there, by itself and by a link.
http::Response lead_away(const Deps& deps, const http::Call& call, const std::string& address) {
  auto response = deps.pages.render(
      "signed_out", call,
      wire::Object{{"address", address},
                   {"place", address.substr(0, address.find_first_of("/?#", address.find("://") + 3))}});
  response.headers.set("Refresh", "0; url=" + address);
  return response;
}

Result<http::Response> post(const Deps& deps, const http::Call& call) {
  const auto next = next_of(deps, call);
  authn::sign_out(deps.authn, call.context, authn::presented_sessions(deps.authn, call));
  auto response = next.is_elsewhere ? lead_away(deps, call, next.place) : lead_on(next);
  authn::clear_cookies(response, deps.authn);
  return response;
}

}  // namespace

void add_sign_out(http::Routes& pages, const Deps& deps) {
  using http::Lane;
  pages.get("/signout", Lane::quick, if_signed_in, [deps](const http::Call& call) { return show(deps, call); }).query =
      &http::query_of<page::NextQuery>();
  pages.post("/signout", Lane::quick, if_signed_in, [deps](const http::Call& call) { return post(deps, call); }).query =
      &http::query_of<page::NextQuery>();
}

}  // namespace cardea::login
