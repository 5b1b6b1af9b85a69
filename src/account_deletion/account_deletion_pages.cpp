#include "account_deletion/account_deletion.hpp"
#include "authn/credentials.hpp"
#include "authn/credentials_answer.hpp"
#include "encoding/form.hpp"
#include "page/form.hpp"
#include "page/lead.hpp"

namespace cardea::account_deletion {
namespace {

using Needs = authn::Pending::Needs;

std::string with_next(std::string_view path, const page::Lead& next) {
  return std::string{path} + "?next=" + encoding::percent_encode(next.place);
}

Result<http::Response> show_keep(const Deps& deps, const http::Call& call, const Error* error) {
  const auto next = page::lead_of_form(call, deps.front_ends);
  if (call.is_signed_in()) return page::go(next, "/account");
  const auto pending = authn::find_sign_in(deps.authn, call.context, authn::signin_token(call));
  if (!pending) return page::redirect(with_next("/signin", next), "signin.expired");
  if (pending->needs != Needs::restoration) return page::redirect(with_next("/signin/verify", next));
  auto response = page::render_form(
      deps.pages, call,
      {.page = "signin_keep",
       .error = error,
       .data = {{"erase", page::instant(deps.pages.words(call), *pending->erase_at)}, {"next", next.place}}});
  page::permit(response, next);
  return response;
}

Result<http::Response> post_keep(const Deps& deps, const http::Call& call) {
  const auto outcome =
      authn::keep_account(deps.authn, call.context, authn::browser_of(deps.authn, call), authn::signin_token(call));
  if (!outcome) return show_keep(deps, call, &outcome.error());
  const auto next = page::lead_of_form(call, deps.front_ends);
  const auto* in = std::get_if<authn::SignedIn>(&*outcome);
  if (in == nullptr) return page::redirect(with_next("/signin/verify", next));
  auto response = next.place.empty() ? page::redirect("/account", "account.kept") : page::go(next, "/account");
  authn::set_cookies(response, deps.authn, call, *in);
  return response;
}

}  // namespace

std::vector<http::Route> page_routes(const Deps& deps) {
  using http::Lane;
  std::vector<http::Route> routes;
  http::Routes pages{deps.pages.surface(), routes};
  const auto lead_on = [](http::Route& route) { route.query = &http::query_of<page::NextQuery>(); };
  lead_on(pages.get("/signin/keep", Lane::quick, if_signed_in,
                    [deps](const http::Call& call) { return show_keep(deps, call, nullptr); }));
  lead_on(pages.post("/signin/keep", Lane::quick, if_signed_in,
                     [deps](const http::Call& call) { return post_keep(deps, call); }));
  return routes;
}

}  // namespace cardea::account_deletion
