#include "authn/credentials.hpp"
#include "authn/credentials_answer.hpp"
#include "authn/factors.hpp"
#include "encoding/form.hpp"
#include "http/problem.hpp"
#include "page/form.hpp"
#include "totp/qr_code.hpp"
#include "totp/totp.hpp"

namespace cardea::totp {
namespace {

constexpr std::string_view own_page = "/account/security/totp";
constexpr std::string_view signin_page = "/signin/enrol/totp";

struct PageDeps {
  std::shared_ptr<const Deps> totp;
  const page::Pages& pages;
};

/// "GEZD GNBV GY3T …": people type it in groups.
std::string in_groups(std::string_view secret) {
  std::string text;
  for (std::size_t at = 0; at < secret.size(); at += 4) text.append(at > 0 ? " " : "").append(secret.substr(at, 4));
  return text;
}

wire::Object shown(const Setup& setup) {
  const auto code = qr_code(setup.uri);
  return {{"secret", in_groups(setup.secret)}, {"uri", setup.uri}, {"size", code.size}, {"path", code.path}};
}

std::string next_of(const http::Call& call) { return page::safe_next(page::asked_next(call), ""); }

/// Where who has enrolled goes: to what helps when the app is lost, and from there on.
std::string place_after(const PageDeps& deps, const AccountId& account, std::string_view next) {
  const auto place = authn::page_after_enrolment(deps.totp->authn, account);
  if (place.empty()) return std::string{next};
  return std::string{place} + "?next=" + encoding::percent_encode(next);
}

Result<http::Response> show(const PageDeps& deps, const http::Call& call, const Error* error) {
  const auto& authn = deps.totp->authn;
  const auto now = authn.database.read([&](db::Tx& tx) { return state(tx, call.account()); });
  wire::Object data{{"is_off", authn.policy.mfa == authn::Mfa::off && !now.is_enrolled}};
  if (const auto setup = find_setup(*deps.totp, call.context, authn::enroller_of(call.context))) {
    data.push_back({"setup", shown(*setup)});
  }
  if (now.since) data.push_back({"since", page::instant(deps.pages.words(call), *now.since)});
  return page::render_form(deps.pages, call, {.page = "account_totp", .error = error, .data = std::move(data)});
}

Result<http::Response> post_start(const PageDeps& deps, const http::Call& call) {
  TRY(start(*deps.totp, call.context));
  return page::redirect(own_page);
}

Result<http::Response> post_confirm(const PageDeps& deps, const http::Call& call) {
  const auto in = confirm(*deps.totp, call.context, authn::browser_of(deps.totp->authn, call),
                          page::typed_secret(call.form, "code"));
  if (!in && in.error().is(not_started)) return page::redirect(own_page, "account_totp.ended");
  if (!in && page::is_beyond_form(in.error())) return in.error();
  if (!in) {
    const auto error = authn::beside_code(in.error());
    return show(deps, call, &error);
  }
  auto response = page::redirect(place_after(deps, in->account.id, own_page), "account_totp.enrolled");
  authn::set_cookies(response, deps.totp->authn, call, *in);
  return response;
}

Result<http::Response> post_remove(const PageDeps& deps, const http::Call& call) {
  const auto removed = authn::remove_factor(deps.totp->authn, call.context, AuthMethod::totp);
  if (!removed && removed.error().is(authn::last_factor)) return show(deps, call, &removed.error());
  if (!removed && !removed.error().is(not_found)) return removed.error();
  return page::redirect(own_page, "account_totp.removed");
}

/// The sign-in decides anew what it needs: a place that is no longer the right one leads on from there.
http::Response lead_back(std::string_view next) {
  return page::redirect("/signin/verify?next=" + encoding::percent_encode(next));
}

Result<http::Response> show_pending(const PageDeps& deps, const http::Call& call, const Error* error) {
  const auto next = next_of(call);
  const auto who = authn::enroller_of_pending(deps.totp->authn, call.context, authn::signin_token(call));
  const auto setup = who ? find_setup(*deps.totp, call.context, *who) : std::nullopt;
  if (!setup) return lead_back(next);
  return page::render_form(
      deps.pages, call,
      {.page = "signin_enrol_totp", .error = error, .data = {{"setup", shown(*setup)}, {"next", next}}});
}

Result<http::Response> post_start_pending(const PageDeps& deps, const http::Call& call) {
  const auto next = next_of(call);
  if (!start_pending(*deps.totp, call.context, authn::signin_token(call))) return lead_back(next);
  return page::redirect(std::string{signin_page} + "?next=" + encoding::percent_encode(next));
}

Result<http::Response> post_confirm_pending(const PageDeps& deps, const http::Call& call) {
  const auto next = next_of(call);
  const auto outcome = confirm_pending(*deps.totp, call.context, authn::browser_of(deps.totp->authn, call),
                                       authn::signin_token(call), page::typed_secret(call.form, "code"));
  if (!outcome) {
    const auto error = authn::beside_code(outcome.error());
    return show_pending(deps, call, &error);
  }
  const auto* in = std::get_if<authn::SignedIn>(&*outcome);
  if (in == nullptr) return lead_back(next);
  auto response = page::redirect(place_after(deps, in->account.id, next.empty() ? "/account" : next));
  authn::set_cookies(response, deps.totp->authn, call, *in);
  return response;
}

}  // namespace

std::vector<http::Route> page_routes(std::shared_ptr<const Deps> totp, const page::Pages& all_pages) {
  using http::Lane;
  const PageDeps deps{.totp = std::move(totp), .pages = all_pages};
  const auto recent = shown_within(deps.totp->authn.session.recent);
  std::vector<http::Route> routes;
  http::Routes pages{all_pages.surface(), routes};
  pages.get(own_page, Lane::quick, signed_in, [deps](const http::Call& call) { return show(deps, call, nullptr); });
  pages.post(own_page, Lane::quick, signed_in, [deps](const http::Call& call) { return post_confirm(deps, call); });
  pages.post("/account/security/totp/start", Lane::quick, recent,
             [deps](const http::Call& call) { return post_start(deps, call); });
  pages.post("/account/security/totp/remove", Lane::quick, recent,
             [deps](const http::Call& call) { return post_remove(deps, call); });
  const auto lead_on = [](http::Route& route) { route.query = &http::query_of<page::NextQuery>(); };
  lead_on(pages.get(signin_page, Lane::quick, if_signed_in,
                    [deps](const http::Call& call) { return show_pending(deps, call, nullptr); }));
  lead_on(pages.post(signin_page, Lane::quick, if_signed_in,
                     [deps](const http::Call& call) { return post_confirm_pending(deps, call); }));
  lead_on(pages.post("/signin/enrol/totp/start", Lane::quick, if_signed_in,
                     [deps](const http::Call& call) { return post_start_pending(deps, call); }));
  return routes;
}

}  // namespace cardea::totp
