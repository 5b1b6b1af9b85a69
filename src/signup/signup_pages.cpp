#include "authn/credentials.hpp"
#include "authn/credentials_answer.hpp"
#include "authn/profile_view.hpp"
#include "encoding/form.hpp"
#include "page/form.hpp"
#include "page/lead.hpp"
#include "signup/signup.hpp"

namespace cardea::signup {
namespace {

constexpr std::initializer_list<std::string_view> own_inputs{"password", "password_confirm", "next"};

// Another account can be made meanwhile, but not by mistake.
wire::Object person_of(const Deps& deps, const AccountId& id) {
  const auto account = deps.authn.database.read([&](db::Tx& tx) { return identity::find(tx, id); });
  if (!account) return {};
  return {{"name", account->name.empty() ? account->uid.value_or(account->email.value_or("")) : account->name}};
}

// What need not be answered stands behind the rest.
std::vector<std::string_view> asked_last(const identity::Settings& settings) {
  std::vector<std::string_view> last;
  if (settings.name != identity::Presence::required) last.emplace_back("name");
  if (settings.uid != identity::Presence::required) last.emplace_back("uid");
  if (settings.email != identity::Presence::required) last.emplace_back("email");
  return last;
}

http::Response show(const Deps& deps, const http::Call& call, const Error* error) {
  const auto& settings = deps.authn.identity;
  const auto words = deps.pages.words(call);
  wire::Object limits{{"password_min", deps.authn.password.min_length},
                      {"password_max", deps.authn.password.max_length}};
  auto data = authn::profile_view(settings, call.form, page::problems_of(words, error, limits), authn::ShownOn::signup);
  page::add_labels(words, data);
  data = page::merged(std::move(data), std::move(limits));
  if (call.is_signed_in()) data.push_back({"person", person_of(deps, call.account())});
  const auto next = page::lead_of_form(call, deps.front_ends);
  data.push_back({"next", next.place});
  auto response = page::render_form(
      deps.pages, call, {.page = "signup", .error = error, .data = std::move(data), .last = asked_last(settings)});
  page::permit(response, next);
  return response;
}

Result<http::Response> post(const Deps& deps, const http::Call& call) {
  const authn::Registration registration{.who = authn::read_form(deps.authn.identity, call.form, own_inputs),
                                         .password = page::typed_secret(call.form, "password"),
                                         .confirmation = page::typed_secret(call.form, "password_confirm")};
  const auto in = authn::sign_up(deps.authn, call.context, authn::browser_of(deps.authn, call), registration);
  if (!in) return show(deps, call, &in.error());
  const auto next = page::lead_of_form(call, deps.front_ends);
  if (const auto* pending = std::get_if<authn::Pending>(&*in)) {
    auto response = page::redirect("/signin/verify?next=" + encoding::percent_encode(next.place));
    authn::set_signin_cookie(response, deps.authn, *pending, call.now());
    return response;
  }
  auto response = page::go(next, "/account");
  authn::set_cookies(response, deps.authn, call, std::get<authn::SignedIn>(*in));
  return response;
}

}  // namespace

std::vector<http::Route> page_routes(const Deps& deps) {
  using http::Lane;
  std::vector<http::Route> routes;
  http::Routes pages{deps.pages.surface(), routes};
  pages
      .get("/signup", Lane::quick, if_signed_in,
           [deps](const http::Call& call) -> Result<http::Response> { return show(deps, call, nullptr); })
      .query = &http::query_of<page::NextQuery>();
  pages.post("/signup", Lane::heavy, if_signed_in, [deps](const http::Call& call) { return post(deps, call); }).query =
      &http::query_of<page::NextQuery>();
  return routes;
}

}  // namespace cardea::signup
