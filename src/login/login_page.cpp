#include "login/login.hpp"
#include "page/form.hpp"

namespace cardea::login {
namespace {

std::string next_of(const http::Call& call, std::string_view fallback) {
  const auto posted = page::typed(call.form, "next");
  return page::safe_next(posted.empty() ? call.query("next") : std::optional{posted}, fallback);
}

http::Response show(const Deps& deps, std::string_view name, const http::Call& call, const Error* error,
                    wire::Object more = {}) {
  more.push_back({"next", next_of(call, "")});
  return page::render_form(deps.pages, call, {.page = name, .error = error, .data = std::move(more)});
}

Result<http::Response> show_sign_in(const Deps& deps, const http::Call& call) {
  if (call.caller) return page::redirect(next_of(call, "/account"));
  return show(deps, "signin", call, nullptr);
}

Result<http::Response> post_sign_in(const Deps& deps, const http::Call& call) {
  const auto admitted =
      authn::sign_in(deps.authn, call, page::typed(call.form, "uid"), page::typed_secret(call.form, "password"));
  if (!admitted) return show(deps, "signin", call, &admitted.error());
  auto response = page::redirect(next_of(call, "/account"));
  authn::set_cookies(response, deps.authn, *admitted);
  return response;
}

Result<http::Response> show_sign_out(const Deps& deps, const http::Call& call) {
  // A classic session has a cookie of its own, which signing out ends too.
  const bool is_out = !call.caller && !http::cookie(call.request, authn::classic_cookie);
  if (is_out) return page::redirect("/", "home.signed_out");
  return deps.pages.render("signout", call, wire::Object{});
}

Result<http::Response> post_sign_out(const Deps& deps, const http::Call& call) {
  authn::sign_out(deps.authn, call);
  auto response = page::redirect("/", "home.signed_out");
  authn::clear_cookies(response, deps.authn);
  return response;
}

Result<http::Response> show_reauth(const Deps& deps, const http::Call& call, const Error* error) {
  const auto account = deps.authn.database.read([&](db::Tx& tx) { return identity::find(tx, call.who().account); });
  if (!account) return http::unauthenticated;
  return show(deps, "reauth", call, error, {{"username", account->uid.value_or(account->email.value_or(""))}});
}

Result<http::Response> post_reauth(const Deps& deps, const http::Call& call) {
  const auto admitted = authn::reauthenticate(deps.authn, call, page::typed_secret(call.form, "password"));
  if (!admitted && admitted.error().is(authn::invalid_credentials)) {
    // Who is signed in claims no user id: it can only be the password.
    const Error wrong{authn::invalid_credentials, std::vector<FieldError>{{"password", "wrong_password", ""}}};
    return show_reauth(deps, call, &wrong);
  }
  if (!admitted) return show_reauth(deps, call, &admitted.error());
  auto response = page::redirect(next_of(call, "/account/security"));
  authn::set_cookies(response, deps.authn, *admitted);
  return response;
}

}  // namespace

std::vector<http::Route> page_routes(const Deps& deps) {
  using http::Access;
  using http::Lane;
  std::vector<http::Route> routes;
  http::Routes pages{http::Style::page, routes};
  pages.get("/signin", Lane::quick, Access::optional,
            [deps](const http::Call& call) { return show_sign_in(deps, call); });
  pages.post("/signin", Lane::heavy, Access::anyone,
             [deps](const http::Call& call) { return post_sign_in(deps, call); });
  pages.get("/signout", Lane::quick, Access::optional,
            [deps](const http::Call& call) { return show_sign_out(deps, call); });
  pages.post("/signout", Lane::quick, Access::optional,
             [deps](const http::Call& call) { return post_sign_out(deps, call); });
  pages.get("/reauth", Lane::quick, Access::signed_in,
            [deps](const http::Call& call) { return show_reauth(deps, call, nullptr); });
  pages.post("/reauth", Lane::heavy, Access::signed_in,
             [deps](const http::Call& call) { return post_reauth(deps, call); });
  return routes;
}

}  // namespace cardea::login
