#include <algorithm>

#include "authn/credentials.hpp"
#include "authn/credentials_answer.hpp"
#include "authn/factors.hpp"
#include "http/problem.hpp"
#include "login/code_pages.hpp"
#include "page/form.hpp"
#include "page/lead.hpp"

namespace cardea::login {
namespace {

/// What somebody who is signed in has to show before all that their account has was shown not long ago.
struct Lacking {
  std::string username;
  bool password = false;
  std::vector<AuthMethod> methods = {};  // any one of them; empty: no code is needed
  std::vector<AuthMethod> instead = {};  // any one of them is enough by itself
};

bool is_recent(const Deps& deps, const http::Call& call, const Shown& shown) {
  return call.now() - shown.at < deps.authn.session.recent;
}

Result<Lacking> find_lacking(const Deps& deps, const http::Call& call) {
  const auto& shown = call.context.principal->assurance.shown;
  return deps.authn.database.read([&](db::Tx& tx) -> Result<Lacking> {
    const auto enrolled = authn::find_enrolled(tx, deps.authn, call.account());
    const auto has = [&](bool is_password) {
      return std::any_of(shown.begin(), shown.end(), [&](const Shown& each) {
        return (each.method == AuthMethod::password) == is_password && is_recent(deps, call, each) &&
               !enrolled.outranks(each.method);
      });
    };
    const auto account = identity::find(tx, call.account());
    if (!account) return http::unauthenticated;
    Lacking lacking{.username = identity::username(*account)};
    if (!has(false)) lacking.methods = enrolled.asked();
    lacking.instead = authn::ways_to_show_again(tx, deps.authn, account->id);
    const auto password = std::find(lacking.instead.begin(), lacking.instead.end(), AuthMethod::password);
    if (password == lacking.instead.end()) return lacking;
    lacking.instead.erase(password);
    // Whoever comes without need shows the password.
    lacking.password = !has(true) || lacking.methods.empty();
    return lacking;
  });
}

Result<http::Response> show(const Deps& deps, const http::Call& call, const Error* error) {
  const auto lacking = TRY(find_lacking(deps, call));
  wire::Object instead;
  for (const AuthMethod method : lacking.instead) instead.push_back({std::string{enum_text(method)}, true});
  wire::Object data{{"username", lacking.username},
                    {"ask_password", lacking.password},
                    {"has_form", lacking.password || !lacking.methods.empty()},
                    {"instead", std::move(instead)}};
  if (!lacking.methods.empty()) {
    data = page::merged(std::move(data), code_input(deps, call,
                                                    {.methods = lacking.methods,
                                                     .chosen = asked_method(call),
                                                     .page = "/reauth",
                                                     .next = page::lead_of_form(call, deps.front_ends).place}));
  }
  return show_leading(deps, "reauth", call, error, std::move(data));
}

Error beside_input(const Error& error) {
  if (!error.is(authn::invalid_credentials)) return authn::beside_code(error);
  // Who is signed in claims no user id: it can only be the password.
  return {*error.kind, std::vector<FieldError>{{"password", "wrong_password", ""}}};
}

Result<http::Response> post(const Deps& deps, const http::Call& call) {
  const auto password = page::typed_secret(call.form, "password");
  const auto code = page::typed_secret(call.form, "code");
  const auto method = asked_method(call);
  const bool has_code = method && !code.reveal().empty();
  authn::ShownAgain again;
  if (!password.reveal().empty() || !has_code) again.password = &password;
  if (has_code) again.method = method;
  if (has_code) again.response = &code;
  const auto in = authn::reauthenticate(deps.authn, call.context, authn::browser_of(deps.authn, call), again);
  if (!in && page::is_beyond_form(in.error())) return in.error();
  if (!in) {
    const auto error = beside_input(in.error());
    return show(deps, call, &error);
  }
  auto response = page::go(page::lead_of_form(call, deps.front_ends), "/account/security");
  authn::set_cookies(response, deps.authn, call, *in);
  return response;
}

}  // namespace

void add_reauth(http::Routes& pages, const Deps& deps) {
  using http::Lane;
  const auto lead_on = [](http::Route& route) { route.query = &http::query_of<page::NextQuery>(); };
  for (const char* path : {"/reauth", "/reauth/{method}"}) {
    lead_on(
        pages.get(path, Lane::quick, signed_in, [deps](const http::Call& call) { return show(deps, call, nullptr); }));
  }
  lead_on(pages.post("/reauth", Lane::heavy, signed_in, [deps](const http::Call& call) { return post(deps, call); }));
}

}  // namespace cardea::login
