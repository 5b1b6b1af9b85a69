#include "authn/credentials.hpp"
#include "authn/credentials_answer.hpp"
#include "encoding/form.hpp"
#include "http/problem.hpp"
#include "login/login.hpp"
#include "login/sign_out_pages.hpp"
#include "page/form.hpp"
#include "page/lead.hpp"

namespace cardea::login {
namespace {

page::Lead next_of(const Deps& deps, const http::Call& call) { return page::lead_of_form(call, deps.front_ends); }

http::Response show(const Deps& deps, std::string_view name, const http::Call& call, const Error* error,
                    wire::Object more = {}) {
  const auto next = next_of(deps, call);
  more.push_back({"next", next.place});
  auto response = page::render_form(deps.pages, call, {.page = name, .error = error, .data = std::move(more)});
  page::permit(response, next);
  return response;
}

// What somebody may do who forgot the password; in the visitor's language unless the operator has said it.
std::string help_of(const Deps& deps, const http::Call& call) {
  const std::string& said = deps.settings.forgot;
  if (deps.can_recover && said == Settings{}.forgot) return {};  // a link says it
  return said == Settings{}.forgot ? std::string{deps.pages.words(call).text("signin.forgot_ask")} : said;
}

http::Response show_sign_in_form(const Deps& deps, const http::Call& call, const Error* error) {
  const auto help = help_of(deps, call);
  return show(deps, "signin", call, error, {{"forgot", help}, {"can_recover", deps.can_recover && help.empty()}});
}

Result<http::Response> show_sign_in(const Deps& deps, const http::Call& call) {
  if (call.is_signed_in()) return page::go(next_of(deps, call), "/account");
  return show_sign_in_form(deps, call, nullptr);
}

// Signed in, or on to the next step.
http::Response go_on(const Deps& deps, const http::Call& call, const authn::SignIn& outcome) {
  const auto next = next_of(deps, call);
  if (const auto* in = std::get_if<authn::SignedIn>(&outcome)) {
    auto response = page::go(next, "/account");
    authn::set_cookies(response, deps.authn, call, *in);
    return response;
  }
  auto response = page::redirect("/signin/verify?next=" + encoding::percent_encode(next.place));
  authn::set_signin_cookie(response, deps.authn, std::get<authn::Pending>(outcome), call.now());
  return response;
}

Result<http::Response> post_sign_in(const Deps& deps, const http::Call& call) {
  const auto outcome = authn::sign_in(deps.authn, call.context, authn::browser_of(deps.authn, call),
                                      page::typed(call.form, "uid"), page::typed_secret(call.form, "password"));
  if (!outcome) return show_sign_in_form(deps, call, &outcome.error());
  return go_on(deps, call, *outcome);
}

wire::Array options_of(const page::Words& words, const std::vector<AuthMethod>& methods, std::string_view chosen) {
  wire::Array options;
  for (const AuthMethod method : methods) {
    const auto name = enum_text(method);
    options.emplace_back(wire::Object{{"value", name},
                                      {"label", words.text("method." + std::string{name})},
                                      {"checked", chosen.empty() ? method == methods.front() : chosen == name}});
  }
  return options;
}

Result<http::Response> show_verify(const Deps& deps, const http::Call& call, const Error* error) {
  if (call.is_signed_in()) return page::go(next_of(deps, call), "/account");
  const auto methods = authn::methods_of_pending(deps.authn, call.context, authn::signin_token(call));
  if (!methods)
    return page::redirect("/signin?next=" + encoding::percent_encode(next_of(deps, call).place), "signin.expired");
  return show(deps, "signin_verify", call, error,
              {{"methods", options_of(deps.pages.words(call), *methods, page::typed(call.form, "method"))},
               {"one_method", methods->size() == 1}});
}

Result<http::Response> post_verify(const Deps& deps, const http::Call& call) {
  const auto method = parse_enum<AuthMethod>(page::typed(call.form, "method"));
  if (!method) return show_verify(deps, call, nullptr);
  const auto outcome =
      authn::continue_sign_in(deps.authn, call.context, authn::browser_of(deps.authn, call), authn::signin_token(call),
                              *method, page::typed_secret(call.form, "code"));
  if (outcome) return go_on(deps, call, *outcome);
  if (outcome.error().is(authn::invalid_code)) {
    const Error wrong{authn::invalid_code, std::vector<FieldError>{{"code", "invalid_code", ""}}};
    return show_verify(deps, call, &wrong);
  }
  return show_verify(deps, call, &outcome.error());
}

Result<http::Response> show_reauth(const Deps& deps, const http::Call& call, const Error* error) {
  const auto account = deps.authn.database.read([&](db::Tx& tx) { return identity::find(tx, call.account()); });
  if (!account) return http::unauthenticated;
  return show(deps, "reauth", call, error, {{"username", account->uid.value_or(account->email.value_or(""))}});
}

Result<http::Response> post_reauth(const Deps& deps, const http::Call& call) {
  const auto in = authn::reauthenticate(deps.authn, call.context, authn::browser_of(deps.authn, call),
                                        page::typed_secret(call.form, "password"));
  if (!in && in.error().is(authn::invalid_credentials)) {
    // Who is signed in claims no user id: it can only be the password.
    const Error wrong{authn::invalid_credentials, std::vector<FieldError>{{"password", "wrong_password", ""}}};
    return show_reauth(deps, call, &wrong);
  }
  if (!in) return page::is_beyond_form(in.error()) ? in.error() : show_reauth(deps, call, &in.error());
  auto response = page::go(next_of(deps, call), "/account/security");
  authn::set_cookies(response, deps.authn, call, *in);
  return response;
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
    if (account) {
      const auto& name = account->name.empty() ? account->uid.value_or(account->email.value_or("")) : account->name;
      data.push_back({"person", wire::Object{{"name", name}}});
    }
  }
  return deps.pages.render("home", call, std::move(data));
}

}  // namespace

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
  lead_on(pages.get("/signin/verify", Lane::quick, if_signed_in,
                    [deps](const http::Call& call) { return show_verify(deps, call, nullptr); }));
  lead_on(pages.post("/signin/verify", Lane::heavy, if_signed_in,
                     [deps](const http::Call& call) { return post_verify(deps, call); }));
  add_sign_out(pages, deps);
  lead_on(pages.get("/reauth", Lane::quick, signed_in,
                    [deps](const http::Call& call) { return show_reauth(deps, call, nullptr); }));
  lead_on(pages.post("/reauth", Lane::heavy, signed_in,
                     [deps](const http::Call& call) { return post_reauth(deps, call); }));
  return routes;
}

}  // namespace cardea::login
