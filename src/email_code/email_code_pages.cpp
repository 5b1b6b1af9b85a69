#include "authn/credentials.hpp"
#include "authn/credentials_answer.hpp"
#include "authn/factors.hpp"
#include "email_code/cookie_routes.hpp"
#include "email_code/sending.hpp"
#include "encoding/form.hpp"
#include "http/problem.hpp"
#include "page/form.hpp"
#include "page/lead.hpp"

namespace cardea::email_code {
namespace {

constexpr std::string_view own_page = "/account/security/email-codes";

using Answer = Result<http::Response>;

std::string with_next(const Deps& deps, const http::Call& call, std::string_view path) {
  return std::string{path} + "?next=" + encoding::percent_encode(page::lead_of_form(call, deps.front_ends).place);
}

// What the account sees.

struct Look {
  authn::FactorState state;
  std::optional<std::string> address;
  bool is_outranked = false;
  bool is_sent = false;
};

Look look_at(const Deps& deps, const http::Call& call) {
  return deps.authn.database.read([&](db::Tx& tx) {
    Look look{.state = state(tx, call.account()), .address = address_of(identity::find(tx, call.account()))};
    look.is_outranked = authn::find_enrolled(tx, deps.authn, call.account()).outranks(AuthMethod::email_code);
    if (!look.address) return look;
    const auto subject = subject_of(call.account(), binding_of(call.session()), *look.address);
    look.is_sent = challenge::Challenges::live_one(tx, enrolment, subject, call.now()).has_value();
    return look;
  });
}

Answer show(const Deps& deps, const http::Call& call, const Error* error) {
  if (!deps.outbox.is_on()) return not_found;
  const auto now = look_at(deps, call);
  const bool is_off = deps.authn.policy.mfa == authn::Mfa::off && !now.state.is_enrolled;
  wire::Object data{
      {"is_off", is_off},
      {"is_outranked", now.is_outranked},
      {"is_sent", now.is_sent && !now.state.is_enrolled},
      {"is_possible", !is_off && !now.is_outranked && now.address && !now.state.is_enrolled},
      {"address", now.address.value_or("")},
      {"since", now.state.since ? page::instant(deps.pages.words(call), *now.state.since) : wire::Value{}}};
  return page::render_form(deps.pages, call, {.page = "account_email_codes", .error = error, .data = std::move(data)});
}

/// What the form can say is said there; who has to show more first is led to that.
Answer refused(const Deps& deps, const http::Call& call, const Error& error) {
  if (page::is_beyond_form(error) || error.is(http::reauth_required)) return error;
  const auto shown = authn::beside_code(error);
  return show(deps, call, &shown);
}

Answer post_start(const Deps& deps, const http::Call& call) {
  if (const auto sent = start(deps, call.context); !sent) return refused(deps, call, sent.error());
  return page::redirect(own_page, "account_email_codes.sent");
}

Answer post_confirm(const Deps& deps, const http::Call& call) {
  const auto in =
      confirm(deps, call.context, authn::browser_of(deps.authn, call), page::typed_secret(call.form, "code"));
  if (!in) return refused(deps, call, in.error());
  const auto after = authn::page_after_enrolment(deps.authn, in->account.id);
  auto response = page::redirect(
      after.empty() ? std::string{own_page} : std::string{after} + "?next=" + encoding::percent_encode(own_page),
      "account_email_codes.enrolled");
  authn::set_cookies(response, deps.authn, call, *in);
  return response;
}

Answer post_remove(const Deps& deps, const http::Call& call) {
  const auto removed = authn::remove_factor(deps.authn, call.context, AuthMethod::email_code);
  if (!removed && !removed.error().is(not_found)) return refused(deps, call, removed.error());
  return page::redirect(own_page, "account_email_codes.removed");
}

// The second step: back to the page that asks for the code.
Answer post_send(const Deps& deps, const http::Call& call) {
  const bool is_again = call.is_signed_in();
  const auto sent = send_second_step(deps, call.context, is_again ? "" : authn::signin_token(call));
  const auto place = with_next(deps, call, is_again ? "/reauth/email_code" : "/signin/verify/email_code");
  if (sent) return page::redirect(place, is_again ? "reauth.sent" : "signin_verify.sent");
  // What the page cannot ask for any more, it says itself.
  const auto& error = sent.error();
  const bool is_over = error.is(not_found) || error.is(authn::signin_expired) || page::is_beyond_form(error);
  if (is_over) return page::redirect(place);
  return sent.error();
}

// In place of the password.

Answer show_ask(const Deps& deps, const http::Call& call, const Error* error) {
  TRY(authn::may_begin(deps.authn, AuthMethod::email_code));
  if (!deps.outbox.is_on()) return not_found;
  const auto next = page::lead_of_form(call, deps.front_ends);
  if (call.is_signed_in()) return page::go(next, "/account");
  return page::render_form(
      deps.pages, call, {.page = "signin_email", .error = error, .values = &call.form, .data = {{"next", next.place}}});
}

Answer post_ask(const Deps& deps, const http::Call& call) {
  const auto token = ask(deps, call.context, page::typed(call.form, "email"), deps.pages.words(call).language().tag);
  if (!token) return show_ask(deps, call, &token.error());
  auto response = page::redirect(with_next(deps, call, "/signin/email/code"));
  keep(response, deps, *token);
  return response;
}

Answer show_code(const Deps& deps, const http::Call& call, const Error* error) {
  TRY(authn::may_begin(deps.authn, AuthMethod::email_code));
  const auto next = page::lead_of_form(call, deps.front_ends);
  if (call.is_signed_in()) return page::go(next, "/account");
  if (waiting_token(call).empty()) return page::redirect(with_next(deps, call, "/signin/email"));
  auto response = page::render_form(deps.pages, call,
                                    {.page = "signin_email_code", .error = error, .data = {{"next", next.place}}});
  page::permit(response, next);
  return response;
}

Answer post_code(const Deps& deps, const http::Call& call) {
  const auto outcome = sign_in(deps, call.context, authn::browser_of(deps.authn, call), waiting_token(call),
                               page::typed_secret(call.form, "code"));
  if (!outcome) {
    const auto& error = outcome.error();
    if (error.is(authn::signin_expired)) {
      return page::redirect(with_next(deps, call, "/signin/email"), "signin_email.expired");
    }
    const auto shown = authn::beside_code(error);
    return show_code(deps, call, &shown);
  }
  const auto* in = std::get_if<authn::SignedIn>(&*outcome);
  auto response = in == nullptr ? page::redirect(with_next(deps, call, "/signin/verify"))
                                : page::go(page::lead_of_form(call, deps.front_ends), "/account");
  if (in != nullptr) authn::set_cookies(response, deps.authn, call, *in);
  if (const auto* pending = std::get_if<authn::Pending>(&*outcome)) {
    authn::set_signin_cookie(response, deps.authn, *pending, call.now());
  }
  forget(response, deps);
  return response;
}

}  // namespace

std::vector<http::Route> page_routes(std::shared_ptr<const Deps> deps) {
  using http::Lane;
  std::vector<http::Route> routes;
  http::Routes pages{deps->pages.surface(), routes};
  const auto with = [deps](Answer (*handler)(const Deps&, const http::Call&)) {
    return [deps, handler](const http::Call& call) { return handler(*deps, call); };
  };
  const auto shows = [deps](Answer (*handler)(const Deps&, const http::Call&, const Error*)) {
    return [deps, handler](const http::Call& call) { return handler(*deps, call, nullptr); };
  };
  const auto lead_on = [](http::Route& route) { route.query = &http::query_of<page::NextQuery>(); };
  const auto recent = shown_within(deps->authn.session.recent);
  pages.get(own_page, Lane::quick, signed_in, shows(show));
  pages.post(own_page, Lane::quick, signed_in, with(post_confirm));
  pages.post("/account/security/email-codes/start", Lane::quick, recent, with(post_start));
  pages.post("/account/security/email-codes/remove", Lane::quick, recent, with(post_remove));
  lead_on(pages.post("/second-factor/email", Lane::quick, if_signed_in, with(post_send)));
  lead_on(pages.get("/signin/email", Lane::quick, if_signed_in, shows(show_ask)));
  lead_on(pages.post("/signin/email", Lane::quick, if_signed_in, with(post_ask)));
  lead_on(pages.get("/signin/email/code", Lane::quick, if_signed_in, shows(show_code)));
  lead_on(pages.post("/signin/email/code", Lane::quick, if_signed_in, with(post_code)));
  return routes;
}

}  // namespace cardea::email_code
