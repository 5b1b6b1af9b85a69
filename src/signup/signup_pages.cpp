#include "authn/credentials.hpp"
#include "authn/credentials_answer.hpp"
#include "authn/invitation.hpp"
#include "authn/profile_view.hpp"
#include "encoding/form.hpp"
#include "page/form.hpp"
#include "page/lead.hpp"
#include "signup/signup.hpp"

namespace cardea::signup {

namespace {

constexpr std::initializer_list<std::string_view> own_inputs{"password", "password_confirm", "next", "invitation",
                                                             "proof"};

// Another account can be made meanwhile, but not by mistake.
wire::Object person_of(const Deps& deps, const AccountId& id) {
  const auto account = deps.authn.database.read([&](db::Tx& tx) { return identity::find(tx, id); });
  if (!account) return {};
  return {{"name", identity::display_name(*account)}};
}

// What need not be answered stands behind the rest.
std::vector<std::string_view> asked_last(const identity::Settings& settings) {
  std::vector<std::string_view> last;
  if (settings.name != identity::Presence::required) last.emplace_back("name");
  if (settings.uid != identity::Presence::required) last.emplace_back("uid");
  if (settings.email != identity::Presence::required) last.emplace_back("email");
  return last;
}

/// In place of the form: why there is none.
http::Response show_refusal(const Deps& deps, const http::Call& call, const Error& error, const page::Lead& next) {
  return deps.pages.render("signup_refused", call,
                           wire::Object{{"next", next.place},
                                        {"closed", error.is(authn::signup_closed)},
                                        {"by_invitation", error.is(authn::invitation_required)},
                                        {"over", error.is(authn::invitation_not_valid)}},
                           error.kind->status);
}

/// What the form is shown with.
struct Shown {
  const wire::Value& values;
  std::string link;  // the token of an invitation; empty: there is none
  page::Lead next;   // where it leads afterwards
};

http::Response show_form(const Deps& deps, const http::Call& call, const Error* error, const Shown& shown) {
  const auto& settings = deps.authn.identity;
  const auto words = deps.pages.words(call);
  wire::Object limits{{"password_min", deps.authn.password.min_length},
                      {"password_max", deps.authn.password.max_length}};
  auto data =
      authn::profile_view(settings, shown.values, page::problems_of(words, error, limits), authn::ShownOn::signup);
  page::add_labels(words, data);
  data = page::merged(std::move(data), std::move(limits));
  if (call.is_signed_in()) data.push_back({"person", person_of(deps, call.account())});
  if (const auto& guard = deps.authn.sign_up_guard) data = page::merged(std::move(data), guard->in_form(call.now()));
  data.push_back({"next", shown.next.place});
  data.push_back({"invitation", shown.link});
  auto response = page::render_form(deps.pages, call,
                                    {.page = "signup",
                                     .error = error,
                                     .values = &shown.values,
                                     .data = std::move(data),
                                     .last = asked_last(settings)});
  page::permit(response, shown.next);
  return response;
}

bool is_refusal(const Error& error) {
  return error.is(authn::signup_closed) || error.is(authn::invitation_required) ||
         error.is(authn::invitation_not_valid);
}

http::Response show(const Deps& deps, const http::Call& call, const Error* error) {
  const auto link = page::typed(call.form, "invitation");
  const auto next = page::lead_of_form(call, deps.front_ends);
  const auto allowed = authn::may_sign_up(deps.authn.identity.signup_mode, !link.empty());
  if (!allowed) return show_refusal(deps, call, allowed.error(), next);
  if (error != nullptr && is_refusal(*error)) return show_refusal(deps, call, *error, next);
  return show_form(deps, call, error, {.values = call.form, .link = link, .next = next});
}

http::Response show_invitation(const Deps& deps, const http::Call& call) {
  const auto link = page::asked_link(call);
  const auto allowed = authn::may_sign_up(deps.authn.identity.signup_mode, true);
  if (!allowed) return show_refusal(deps, call, allowed.error(), {});
  const auto invitation = authn::find_invitation(deps.authn, call.context, link);
  if (!invitation) return show_refusal(deps, call, invitation.error(), {});
  const wire::Value values = wire::Object{{"email", invitation->email.value_or("")}};
  return show_form(deps, call, nullptr, {.values = values, .link = link, .next = {}});
}

Result<http::Response> post(const Deps& deps, const http::Call& call) {
  const auto proof = page::typed(call.form, "proof");
  const authn::Registration registration{.who = authn::read_form(deps.authn.identity, call.form, own_inputs),
                                         .password = page::typed_secret(call.form, "password"),
                                         .confirmation = page::typed_secret(call.form, "password_confirm"),
                                         .invitation = page::typed(call.form, "invitation"),
                                         .proof = proof};
  const auto in = authn::sign_up(deps.authn, call.context, authn::browser_of(deps.authn, call), registration);
  if (!in) return show(deps, call, &in.error());
  const auto next = page::lead_of_form(call, deps.front_ends);
  if (const auto* pending = std::get_if<authn::Pending>(&*in)) {
    auto response = page::redirect("/signin/verify?next=" + encoding::percent_encode(next.place));
    authn::set_signin_cookie(response, deps.authn, *pending, call.now());
    return response;
  }
  const auto& signed_in = std::get<authn::SignedIn>(*in);
  auto response = page::go(next, signed_in.account.pending_email ? "/verify" : "/account");
  authn::set_cookies(response, deps.authn, call, signed_in);
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
  pages
      .get("/invite", Lane::quick, if_signed_in,
           [deps](const http::Call& call) -> Result<http::Response> { return show_invitation(deps, call); })
      .query = &http::query_of<page::LinkQuery>();
  return routes;
}

}  // namespace cardea::signup
