#include "authn/credentials.hpp"
#include "email_address/letters.hpp"
#include "email_address/signin_pages.hpp"
#include "http/problem.hpp"
#include "page/form.hpp"

namespace cardea::email_address {

namespace {

/// Whoever is signed in, or has shown the password in this browser and waits.
std::optional<AccountId> reader_of(const Deps& deps, const http::Call& call) {
  return call.is_signed_in() ? std::optional{call.account()} : waiting_account(deps, call);
}

// The waiting page: a code to type. It moves on by itself when a link was opened elsewhere.
Result<http::Response> show_wait(const Deps& deps, const http::Call& call, const Error* error) {
  const auto account = TRY(account::own(deps.authn.account, call.context));
  const auto address = identity::address_to_confirm(deps.authn.identity, account);
  if (!address) {
    return page::redirect("/account", account.email_verified_at ? "account.email_confirmed" : "");
  }
  return page::render_form(deps.pages, call,
                           {.page = "verify",
                            .error = error,
                            .data = {{"address", *address}, {"is_signin", false}, {"is_ready", false}, {"next", ""}}});
}

Result<http::Response> post_code(const Deps& deps, const http::Call& call) {
  const auto outcome = confirm_by_code(deps, call.context, call.account(), page::typed_secret(call.form, "code"));
  if (outcome) return page::redirect("/account", "account.email_confirmed");
  const Error& error = outcome.error();
  if (error.is(nothing_to_confirm)) return show_wait(deps, call, nullptr);
  if (page::is_beyond_form(error)) return error;
  const auto shown = beside_code(error);
  return show_wait(deps, call, &shown);
}

Result<http::Response> post_resend(const Deps& deps, const http::Call& call) {
  const auto outcome = resend(deps, call.context, call.account());
  if (outcome || outcome.error().is(nothing_to_confirm)) return page::redirect("/verify", "verify.sent");
  return page::is_beyond_form(outcome.error()) ? outcome.error() : show_wait(deps, call, &outcome.error());
}

// "1" as soon as nothing waits any more.
Result<http::Response> tell_state(const Deps& deps, const http::Call& call) {
  const auto account = TRY(account::own(deps.authn.account, call.context));
  http::Response response{.status = 200,
                          .body = identity::address_to_confirm(deps.authn.identity, account) ? "0" : "1"};
  response.headers.set("Content-Type", "text/plain; charset=utf-8");
  return response;
}

http::Response show_link(const Deps& deps, const http::Call& call, const Error* error) {
  const auto link = page::asked_link(call);
  const auto found = holder(deps, call.context, link);
  if (!found) {
    // Used, expired, replaced or never made: which of these is nobody's business.
    return deps.pages.render("verify_link", call, wire::Object{{"usable", false}}, challenge::not_valid.status);
  }
  return page::render_form(deps.pages, call,
                           {.page = "verify_link",
                            .error = error,
                            .data = {{"usable", true},
                                     {"link", link},
                                     {"address", found->address},
                                     {"account", name_of(found->account)},
                                     {"known", reader_of(deps, call) == found->account.id}}});
}

Result<http::Response> post_link(const Deps& deps, const http::Call& call) {
  const auto waiting = waiting_account(deps, call);
  const auto outcome = confirm_by_link(deps, call.context, authn::browser_of(deps.authn, call),
                                       {.token = page::asked_link(call),
                                        .known = call.is_signed_in() ? std::optional{call.account()} : waiting,
                                        .password = page::typed_secret(call.form, "password")});
  if (outcome) {
    if (waiting == outcome->id) return go_on(deps, call, {});
    if (call.is_signed_in() && call.account() == outcome->id)
      return page::redirect("/account", "account.email_confirmed");
    return deps.pages.render("verify_done", call, wire::Object{{"address", outcome->email.value_or("")}});
  }
  const Error& error = outcome.error();
  if (error.is(password_needed)) {
    const Error missing{validation_failed, std::vector<FieldError>{{"password", "password_missing", ""}}};
    return show_link(deps, call, &missing);
  }
  if (error.is(authn::invalid_credentials)) {
    const Error wrong{authn::invalid_credentials, std::vector<FieldError>{{"password", "wrong_password", ""}}};
    return show_link(deps, call, &wrong);
  }
  return show_link(deps, call, &error);
}

Result<http::Response> post_refuse(const Deps& deps, const http::Call& call) {
  const auto outcome = refuse_by_link(deps, call.context, page::asked_link(call));
  if (!outcome) return show_link(deps, call, &outcome.error());
  return deps.pages.render("verify_refused", call, wire::Object{});
}

http::Response show_undo(const Deps& deps, const http::Call& call, const Error* error) {
  const auto link = page::asked_link(call);
  const auto found = undo_holder(deps, call.context, link);
  if (!found) {
    return deps.pages.render("verify_undo", call, wire::Object{{"usable", false}}, challenge::not_valid.status);
  }
  return page::render_form(
      deps.pages, call,
      {.page = "verify_undo",
       .error = error,
       .data = {{"usable", true}, {"link", link}, {"address", found->address}, {"account", name_of(found->account)}}});
}

Result<http::Response> post_undo(const Deps& deps, const http::Call& call) {
  const auto outcome = undo_change(deps, call.context, page::asked_link(call));
  if (!outcome) return show_undo(deps, call, &outcome.error());
  return page::redirect("/signin", "signin.email_restored");
}

}  // namespace

std::vector<http::Route> page_routes(const Deps& deps) {
  using http::Lane;
  std::vector<http::Route> routes;
  http::Routes pages{deps.pages.surface(), routes};
  const auto with_link = [](http::Route& route) { route.query = &http::query_of<page::LinkQuery>(); };
  const auto lead_on = [](http::Route& route) { route.query = &http::query_of<page::NextQuery>(); };
  lead_on(pages.get("/verify", Lane::quick, if_signed_in, [deps](const http::Call& call) {
    return call.is_signed_in() ? show_wait(deps, call, nullptr) : show_signin(deps, call, nullptr);
  }));
  lead_on(pages.post("/verify", Lane::quick, if_signed_in, [deps](const http::Call& call) {
    return call.is_signed_in() ? post_code(deps, call) : post_signin_code(deps, call);
  }));
  lead_on(pages.post("/verify/resend", Lane::quick, if_signed_in, [deps](const http::Call& call) {
    return call.is_signed_in() ? post_resend(deps, call) : post_signin_resend(deps, call);
  }));
  pages.get("/verify/state", Lane::quick, if_signed_in, [deps](const http::Call& call) {
    return call.is_signed_in() ? tell_state(deps, call) : tell_signin_state(deps, call);
  });
  // Whoever is signed in changes the address in the account.
  lead_on(pages.post("/verify/address", Lane::quick, if_signed_in, [deps](const http::Call& call) {
    return call.is_signed_in() ? Result<http::Response>{page::redirect("/account")} : post_signin_address(deps, call);
  }));
  lead_on(pages.post("/verify/continue", Lane::quick, if_signed_in, [deps](const http::Call& call) {
    return call.is_signed_in() ? Result<http::Response>{page::redirect("/verify")} : post_signin_continue(deps, call);
  }));
  with_link(
      pages.get("/verify/link", Lane::quick, if_signed_in,
                [deps](const http::Call& call) -> Result<http::Response> { return show_link(deps, call, nullptr); }));
  with_link(pages.post("/verify/link", Lane::heavy, if_signed_in,
                       [deps](const http::Call& call) { return post_link(deps, call); }));
  with_link(pages.post("/verify/refuse", Lane::quick, if_signed_in,
                       [deps](const http::Call& call) { return post_refuse(deps, call); }));
  with_link(
      pages.get("/verify/undo", Lane::quick, if_signed_in,
                [deps](const http::Call& call) -> Result<http::Response> { return show_undo(deps, call, nullptr); }));
  with_link(pages.post("/verify/undo", Lane::quick, if_signed_in,
                       [deps](const http::Call& call) { return post_undo(deps, call); }));
  return routes;
}

}  // namespace cardea::email_address
