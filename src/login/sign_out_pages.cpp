#include "login/sign_out_pages.hpp"

#include "authn/credentials.hpp"
#include "authn/credentials_answer.hpp"
#include "page/lead.hpp"

namespace cardea::login {
namespace {

http::Response lead_on(const page::Lead& next) {
  if (next.is_elsewhere()) return page::go(next, "/");
  return page::redirect(next.place.empty() ? "/" : next.place, "home.signed_out");
}

Result<http::Response> show(const Deps& deps, const http::Call& call) {
  const auto next = page::lead_of(call, deps.front_ends);
  // Another surface has a cookie of its own, which signing out ends too.
  const bool is_out = !call.is_signed_in() && authn::presented_sessions(deps.authn, call).empty();
  if (is_out) return lead_on(next);
  return deps.pages.render("signout", call, wire::Object{{"next", next.place}});
}

Result<http::Response> post(const Deps& deps, const http::Call& call) {
  const auto next = page::lead_of(call, deps.front_ends);
  authn::sign_out(deps.authn, call.context, authn::presented_sessions(deps.authn, call));
  auto response = next.is_elsewhere() ? page::lead_away(deps.pages, call, "signed_out", next.place) : lead_on(next);
  authn::clear_cookies(response, deps.authn, call);
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
