#include "authn/credentials.hpp"
#include "authn/credentials_answer.hpp"
#include "authn/factors.hpp"
#include "encoding/form.hpp"
#include "login/code_pages.hpp"
#include "page/form.hpp"
#include "page/lead.hpp"

namespace cardea::login {
namespace {

std::string next_of(const Deps& deps, const http::Call& call) {
  return page::lead_of_form(call, deps.front_ends).place;
}

http::Response start_again(const Deps& deps, const http::Call& call) {
  return page::redirect("/signin?next=" + encoding::percent_encode(next_of(deps, call)), "signin.expired");
}

http::Response lead_to(const Deps& deps, const http::Call& call, std::string_view page) {
  return page::redirect(std::string{page} + "?next=" + encoding::percent_encode(next_of(deps, call)));
}

// What the sign-in needs is decided anew each time: a second tab or the back button leads to where it stands.
Result<http::Response> show_verify(const Deps& deps, const http::Call& call, const Error* error) {
  if (call.is_signed_in()) return page::go(page::lead_of_form(call, deps.front_ends), "/account");
  const auto pending = authn::find_sign_in(deps.authn, call.context, authn::signin_token(call));
  if (!pending) return start_again(deps, call);
  using enum authn::Pending::Needs;
  if (pending->needs == enrolment) return lead_to(deps, call, "/signin/enrol");
  if (pending->needs == restoration) return lead_to(deps, call, "/signin/keep");
  if (pending->needs == verification || pending->needs == nothing) return lead_to(deps, call, "/verify");
  auto data = code_input(deps, call,
                         {.methods = pending->methods,
                          .chosen = asked_method(call),
                          .page = "/signin/verify",
                          .next = next_of(deps, call)});
  data.push_back({"unusual", pending->is_unusual});
  const auto days = std::chrono::duration_cast<std::chrono::days>(deps.authn.policy.trust_browser).count();
  if (deps.authn.policy.trust_browser > Duration{0}) {
    const auto words = deps.pages.words(call);
    data.push_back({"trust", words.counted("signin_verify.trust", std::max<std::int64_t>(1, days))});
    data.push_back({"is_trusted", page::typed(call.form, "trust") == "on"});
  }
  return show_leading(deps, "signin_verify", call, error, std::move(data));
}

Result<http::Response> post_verify(const Deps& deps, const http::Call& call) {
  const auto method = asked_method(call);
  if (!method) return show_verify(deps, call, nullptr);
  const auto trust = page::typed(call.form, "trust") == "on" ? authn::Trust::asked : authn::Trust::unchanged;
  const auto outcome =
      authn::continue_sign_in(deps.authn, call.context, authn::browser_of(deps.authn, call), authn::signin_token(call),
                              *method, page::typed_secret(call.form, "code"), trust);
  if (outcome) return go_on(deps, call, *outcome);
  const auto error = authn::beside_code(outcome.error());
  return show_verify(deps, call, &error);
}

Result<http::Response> show_enrol(const Deps& deps, const http::Call& call) {
  if (call.is_signed_in()) return page::go(page::lead_of_form(call, deps.front_ends), "/account");
  const auto pending = authn::find_sign_in(deps.authn, call.context, authn::signin_token(call));
  if (!pending) return start_again(deps, call);
  if (pending->needs != authn::Pending::Needs::enrolment) return lead_to(deps, call, "/signin/verify");
  const auto words = deps.pages.words(call);
  wire::Array factors;
  for (const AuthMethod method : pending->methods) {
    const auto* factor = authn::find_factor(deps.authn, method);
    factors.emplace_back(wire::Object{{"action", std::string{factor->enrol_page} + "/start"},
                                      {"label", words.text("method." + std::string{enum_text(method)})}});
  }
  return show_leading(deps, "signin_enrol", call, nullptr, {{"factors", std::move(factors)}});
}

}  // namespace

void add_verify(http::Routes& pages, const Deps& deps) {
  using http::Lane;
  const auto lead_on = [](http::Route& route) { route.query = &http::query_of<page::NextQuery>(); };
  for (const char* path : {"/signin/verify", "/signin/verify/{method}"}) {
    lead_on(pages.get(path, Lane::quick, if_signed_in,
                      [deps](const http::Call& call) { return show_verify(deps, call, nullptr); }));
  }
  lead_on(pages.post("/signin/verify", Lane::heavy, if_signed_in,
                     [deps](const http::Call& call) { return post_verify(deps, call); }));
  lead_on(pages.get("/signin/enrol", Lane::quick, if_signed_in,
                    [deps](const http::Call& call) { return show_enrol(deps, call); }));
}

}  // namespace cardea::login
