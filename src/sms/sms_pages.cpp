#include "authn/credentials.hpp"
#include "authn/credentials_answer.hpp"
#include "authn/factors.hpp"
#include "encoding/form.hpp"
#include "http/problem.hpp"
#include "page/form.hpp"
#include "sms/sms.hpp"

namespace cardea::sms {
namespace {

using DepsPtr = std::shared_ptr<const Deps>;

constexpr std::string_view own_page = "/account/security/sms";

Result<http::Response> show(const Deps& deps, const http::Call& call, const Error* error) {
  const auto now = deps.authn.database.read([&](db::Tx& tx) { return find_state(deps, tx, call.account()); });
  const bool is_outranked = deps.authn.database.read(
      [&](db::Tx& tx) { return authn::find_enrolled(tx, deps.authn, call.account()).outranks(AuthMethod::sms_code); });
  const auto started = find_started(deps, call.context);
  const bool is_possible = deps.is_on() && deps.authn.policy.mfa != authn::Mfa::off;
  wire::Object data{{"is_possible", is_possible},        {"is_idle", now.is_enrolled && is_outranked},
                    {"has_number", now.is_enrolled},     {"current", now.number},
                    {"is_started", started.has_value()}, {"sent_to", started ? started->to : std::string{}}};
  if (now.since) data.push_back({"since", page::instant(deps.pages.words(call), *now.since)});
  return page::render_form(deps.pages, call, {.page = "account_sms", .error = error, .data = std::move(data)});
}

Result<http::Response> post_start(const Deps& deps, const http::Call& call) {
  const auto sent = start(deps, call.context, deps.pages.words(call), page::typed(call.form, "number"));
  if (sent) return page::redirect(own_page, "account_sms.sent");
  if (page::is_beyond_form(sent.error())) return sent.error();
  return show(deps, call, &sent.error());
}

Result<http::Response> post_confirm(const Deps& deps, const http::Call& call) {
  const auto in =
      confirm(deps, call.context, authn::browser_of(deps.authn, call), page::typed_secret(call.form, "code"));
  if (!in && in.error().is(not_started)) return page::redirect(own_page, "account_sms.ended");
  if (!in && page::is_beyond_form(in.error())) return in.error();
  if (!in) {
    const auto error = authn::beside_code(in.error());
    return show(deps, call, &error);
  }
  const auto place = authn::page_after_enrolment(deps.authn, in->account.id);
  const auto next = encoding::percent_encode(own_page);
  auto response = page::redirect(place.empty() ? std::string{own_page} : std::string{place} + "?next=" + next,
                                 "account_sms.enrolled");
  authn::set_cookies(response, deps.authn, call, *in);
  return response;
}

Result<http::Response> post_remove(const Deps& deps, const http::Call& call) {
  const auto removed = authn::remove_factor(deps.authn, call.context, AuthMethod::sms_code);
  if (!removed && removed.error().is(authn::last_factor)) return show(deps, call, &removed.error());
  if (!removed && !removed.error().is(not_found)) return removed.error();
  return page::redirect(own_page, "account_sms.removed");
}

/// Back to the page that asks for the code.
http::Response go_back(const http::Call& call, std::string_view page, std::string_view said) {
  const auto next = page::safe_next(page::asked_next(call), "");
  const auto query = next.empty() ? "" : "?next=" + encoding::percent_encode(next);
  return page::redirect(std::string{page} + "/sms_code" + query, said);
}

Result<http::Response> post_send_in_sign_in(const Deps& deps, const http::Call& call) {
  const auto sent = send_in_sign_in(deps, call.context, deps.pages.words(call), authn::signin_token(call));
  // The page decides anew what the sign-in needs, and says that it has ended.
  const bool is_over = !sent && (sent.error().is(authn::signin_expired) || sent.error().is(not_found));
  if (is_over) return go_back(call, "/signin/verify", "");
  if (!sent) return sent.error();
  return go_back(call, "/signin/verify", "signin_verify.sms_sent");
}

Result<http::Response> post_send_in_session(const Deps& deps, const http::Call& call) {
  TRY(send_in_session(deps, call.context, deps.pages.words(call)));
  return go_back(call, "/reauth", "reauth.sms_sent");
}

}  // namespace

std::vector<http::Route> page_routes(DepsPtr deps) {
  using http::Lane;
  const auto recent = shown_within(deps->authn.session.recent);
  const auto with = [deps](Result<http::Response> (*handler)(const Deps&, const http::Call&)) {
    return [deps, handler](const http::Call& call) { return handler(*deps, call); };
  };
  std::vector<http::Route> routes;
  http::Routes pages{deps->pages.surface(), routes};
  const auto lead_on = [](http::Route& route) { route.query = &http::query_of<page::NextQuery>(); };
  pages.get(own_page, Lane::quick, signed_in, [deps](const http::Call& call) { return show(*deps, call, nullptr); });
  pages.post(own_page, Lane::quick, recent, with(post_start));
  pages.post("/account/security/sms/confirm", Lane::quick, signed_in, with(post_confirm));
  pages.post("/account/security/sms/remove", Lane::quick, recent, with(post_remove));
  lead_on(pages.post("/signin/verify/sms_code/send", Lane::quick, if_signed_in, with(post_send_in_sign_in)));
  lead_on(pages.post("/reauth/sms_code/send", Lane::quick, signed_in, with(post_send_in_session)));
  return routes;
}

}  // namespace cardea::sms
