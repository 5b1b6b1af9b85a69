#include "email_address/signin_pages.hpp"

#include "authn/credentials.hpp"
#include "authn/credentials_answer.hpp"
#include "encoding/form.hpp"
#include "page/form.hpp"

namespace cardea::email_address {
namespace {

using Needs = authn::Pending::Needs;

std::string with_next(std::string_view path, const page::Lead& next) {
  return std::string{path} + (next.place.empty() ? "" : "?next=" + encoding::percent_encode(next.place));
}
std::string with_next(const Deps& deps, const http::Call& call, std::string_view path) {
  return with_next(path, page::lead_of_form(call, deps.front_ends));
}

/// What ended meanwhile is begun again; everything else stands on the page.
Result<http::Response> answer(const Deps& deps, const http::Call& call, const Error& error) {
  if (error.is(authn::signin_expired) || error.is(nothing_to_confirm)) return show_signin(deps, call, nullptr);
  const auto shown = beside_code(error);
  return show_signin(deps, call, &shown);
}

}  // namespace

Error beside_code(const Error& error) {
  if (!error.is(challenge::wrong_code)) return error;
  return Error{challenge::wrong_code, std::vector<FieldError>{{"code", "wrong_code", ""}}};
}

std::optional<AccountId> waiting_account(const Deps& deps, const http::Call& call) {
  if (call.is_signed_in()) return std::nullopt;
  const auto account = authn::account_to_verify(deps.authn, call.context, authn::signin_token(call));
  return account ? std::optional{*account} : std::nullopt;
}

Result<http::Response> go_on(const Deps& deps, const http::Call& call, const page::Lead& next) {
  const auto outcome = TRY(
      authn::resume_sign_in(deps.authn, call.context, authn::browser_of(deps.authn, call), authn::signin_token(call)));
  if (const auto* pending = std::get_if<authn::Pending>(&outcome)) {
    return page::redirect(with_next(pending->needs == Needs::verification ? "/verify" : "/signin/verify", next));
  }
  auto response =
      next.place.empty() ? page::redirect("/account", "account.email_confirmed") : page::go(next, "/account");
  authn::set_cookies(response, deps.authn, call, std::get<authn::SignedIn>(outcome));
  return response;
}

Result<http::Response> show_signin(const Deps& deps, const http::Call& call, const Error* error) {
  const auto pending = authn::find_sign_in(deps.authn, call.context, authn::signin_token(call));
  if (!pending && authn::signin_token(call).empty()) return page::redirect("/signin?next=%2Fverify");
  if (!pending) return page::redirect(with_next(deps, call, "/signin"), "signin.expired");
  const bool waits = pending->needs == Needs::verification;
  if (!waits && pending->needs != Needs::nothing) return page::redirect(with_next(deps, call, "/signin/verify"));
  const auto next = page::lead_of_form(call, deps.front_ends);
  auto response = page::render_form(deps.pages, call,
                                    {.page = "verify",
                                     .error = error,
                                     .values = &call.form,
                                     .data = {{"address", pending->address.value_or("")},
                                              {"is_signin", true},
                                              {"is_ready", !waits},
                                              {"next", next.place}}});
  page::permit(response, next);
  return response;
}

Result<http::Response> post_signin_code(const Deps& deps, const http::Call& call) {
  const auto id = authn::account_to_verify(deps.authn, call.context, authn::signin_token(call));
  if (!id) return answer(deps, call, id.error());
  const auto outcome = confirm_by_code(deps, call.context, *id, page::typed_secret(call.form, "code"));
  if (!outcome) return answer(deps, call, outcome.error());
  return post_signin_continue(deps, call);
}

Result<http::Response> post_signin_resend(const Deps& deps, const http::Call& call) {
  const auto id = authn::account_to_verify(deps.authn, call.context, authn::signin_token(call));
  if (!id) return answer(deps, call, id.error());
  if (const auto sent = resend(deps, call.context, *id); !sent) return answer(deps, call, sent.error());
  return page::redirect(with_next(deps, call, "/verify"), "verify.sent");
}

Result<http::Response> post_signin_address(const Deps& deps, const http::Call& call) {
  const auto given = give_address(deps, call.context, authn::signin_token(call), page::typed(call.form, "email"));
  if (!given) return answer(deps, call, given.error());
  return page::redirect(with_next(deps, call, "/verify"), "verify.given");
}

Result<http::Response> post_signin_continue(const Deps& deps, const http::Call& call) {
  auto response = go_on(deps, call, page::lead_of_form(call, deps.front_ends));
  if (!response) return answer(deps, call, response.error());
  return response;
}

Result<http::Response> tell_signin_state(const Deps& deps, const http::Call& call) {
  http::Response response{.status = 200, .body = waiting_account(deps, call) ? "0" : "1"};
  response.headers.set("Content-Type", "text/plain; charset=utf-8");
  return response;
}

}  // namespace cardea::email_address
