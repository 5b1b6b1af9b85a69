#include "authn/credentials.hpp"
#include "authn/credentials_answer.hpp"
#include "encoding/form.hpp"
#include "http/problem.hpp"
#include "login/code_pages.hpp"
#include "login/login.hpp"
#include "login/sign_out_pages.hpp"
#include "page/form.hpp"
#include "page/lead.hpp"

namespace cardea::login {
namespace {

page::Lead next_of(const Deps& deps, const http::Call& call) { return page::lead_of_form(call, deps.front_ends); }

// What somebody may do who forgot the password; in the visitor's language unless the operator has said it.
std::string help_of(const Deps& deps, const http::Call& call) {
  const std::string& said = deps.settings.forgot;
  if (deps.can_recover && said == Settings{}.forgot) return {};  // a link says it
  return said == Settings{}.forgot ? std::string{deps.pages.words(call).text("signin.forgot_ask")} : said;
}

/// How a sign-in may begin and what there is for it; anything else is not offered.
wire::Object ways_of(const authn::Deps& authn) {
  wire::Object ways{{"password", authn.policy.begins_with(AuthMethod::password)}};
  for (const auto& step : authn.first_steps) {
    ways.push_back({std::string{enum_text(step.method)}, authn.policy.begins_with(step.method)});
  }
  return ways;
}

http::Response show_sign_in_form(const Deps& deps, const http::Call& call, const Error* error) {
  const auto help = help_of(deps, call);
  return show_leading(
      deps, "signin", call, error,
      {{"forgot", help}, {"can_recover", deps.can_recover && help.empty()}, {"ways", ways_of(deps.authn)}});
}

Result<http::Response> show_sign_in(const Deps& deps, const http::Call& call) {
  if (call.is_signed_in()) return page::go(next_of(deps, call), "/account");
  return show_sign_in_form(deps, call, nullptr);
}

Result<http::Response> post_sign_in(const Deps& deps, const http::Call& call) {
  const auto outcome = authn::sign_in(deps.authn, call.context, authn::browser_of(deps.authn, call),
                                      page::typed(call.form, "uid"), page::typed_secret(call.form, "password"));
  if (!outcome) return show_sign_in_form(deps, call, &outcome.error());
  return go_on(deps, call, *outcome);
}

// What comes from this site may have begun as a form.
http::Response lead_home(const Deps& deps, const http::Call& call, const std::string& address) {
  if (call.request.headers.get("Sec-Fetch-Site") != "same-origin") {
    http::Response response{.status = 302};
    response.headers.set("Location", address);
    return response;
  }
  return page::lead_away(deps.pages, call, "home_away", address);
}

Result<http::Response> show_home(const Deps& deps, const http::Call& call) {
  if (!deps.pages.home_url().empty()) return lead_home(deps, call, deps.pages.home_url());
  wire::Object data;
  if (call.is_signed_in()) {
    const auto account = deps.authn.database.read([&](db::Tx& tx) { return identity::find(tx, call.account()); });
    if (account) data.push_back({"person", wire::Object{{"name", identity::display_name(*account)}}});
  }
  return deps.pages.render("home", call, std::move(data));
}

}  // namespace

http::Response show_leading(const Deps& deps, std::string_view name, const http::Call& call, const Error* error,
                            wire::Object more) {
  const auto next = next_of(deps, call);
  more.push_back({"next", next.place});
  auto response = page::render_form(deps.pages, call, {.page = name, .error = error, .data = std::move(more)});
  page::permit(response, next);
  return response;
}

http::Response go_on(const Deps& deps, const http::Call& call, const authn::SignIn& outcome) {
  const auto next = next_of(deps, call);
  const auto* in = std::get_if<authn::SignedIn>(&outcome);
  if (in == nullptr) {
    auto response = page::redirect("/signin/verify?next=" + encoding::percent_encode(next.place));
    authn::set_signin_cookie(response, deps.authn, std::get<authn::Pending>(outcome), call.now());
    return response;
  }
  auto response = in->page_after.empty() || next.is_elsewhere()
                      ? page::go(next, "/account")
                      : page::redirect(std::string{in->page_after} + "?next=" +
                                       encoding::percent_encode(next.place.empty() ? "/account" : next.place));
  authn::set_cookies(response, deps.authn, call, *in);
  return response;
}

std::vector<http::Route> page_routes(const Deps& deps) {
  using http::Lane;
  std::vector<http::Route> routes;
  http::Routes pages{deps.pages.surface(), routes};
  pages.get("/", Lane::quick, if_signed_in, [deps](const http::Call& call) { return show_home(deps, call); });
  const auto lead_on = [](http::Route& route) { route.query = &http::query_of<page::NextQuery>(); };
  lead_on(pages.get("/signin", Lane::quick, if_signed_in,
                    [deps](const http::Call& call) { return show_sign_in(deps, call); }));
  lead_on(pages.post("/signin", Lane::heavy, if_signed_in,
                     [deps](const http::Call& call) { return post_sign_in(deps, call); }));
  add_verify(pages, deps);
  add_sign_out(pages, deps);
  add_reauth(pages, deps);
  return routes;
}

}  // namespace cardea::login
