#include <algorithm>

#include "authn/credentials.hpp"
#include "authn/credentials_answer.hpp"
#include "authn/factors.hpp"
#include "authn/profile_view.hpp"
#include "http/problem.hpp"
#include "page/form.hpp"
#include "self_service/self_service.hpp"

namespace cardea::self_service {
namespace {

enum class Password { unasked, asked };

std::optional<password::Stored> password_of(const Deps& deps, const identity::Account& account) {
  return deps.authn.database.read([&](db::Tx& tx) { return password::find(tx, account.id); });
}

/// Until there is another: who was told at the sign-in may have looked away.
bool is_breached(const std::optional<password::Stored>& stored) { return stored && stored->breached_at; }

http::Response show_profile(const Deps& deps, const http::Call& call, const identity::Account& account,
                            const Error* error, Password password = Password::unasked) {
  const auto& settings = deps.authn.identity;
  wire::Value values = authn::values_of(account, settings);
  if (const auto* posted = call.form.get<wire::Object>()) {
    // What was typed stands in front of what is stored: the first of two members of a name is the one found.
    values = page::merged(*posted, *values.get<wire::Object>());
  }
  const auto words = deps.pages.words(call);
  auto data = authn::profile_view(settings, values, page::problems_of(words, error), authn::ShownOn::profile);
  page::add_labels(words, data);
  const auto name = identity::display_name(account);
  data.push_back({"person", wire::Object{{"name", name},
                                         {"initial", page::initial(name)},
                                         {"uid", account.uid.value_or("")},
                                         {"email", account.email.value_or("")}}});
  data.push_back({"created", page::instant(words, account.created_at)});
  data.push_back({"username", identity::username(account)});
  data.push_back({"pending_email", account.pending_email.value_or("")});
  data.push_back({"ask_password", password == Password::asked});
  data.push_back({"breached", is_breached(password_of(deps, account))});
  return page::render_form(deps.pages, call,
                           {.page = "account", .error = error, .values = &values, .data = std::move(data)});
}

Result<http::Response> get_profile(const Deps& deps, const http::Call& call) {
  return show_profile(deps, call, TRY(account::own(deps.authn.account, call.context)), nullptr);
}

// Shows the profile as it was typed, once more, with an input for the password that its change of address needs.
Result<http::Response> ask_password(const Deps& deps, const http::Call& call, const Error& error) {
  return show_profile(deps, call, TRY(account::own(deps.authn.account, call.context)), &error, Password::asked);
}

Error problem_with_password(const ErrorKind& kind, std::string code, std::string detail) {
  return {kind, std::vector<FieldError>{{"current_password", std::move(code), std::move(detail)}}};
}

Error password_needed() {
  return problem_with_password(http::reauth_required, "password_needed", "Enter your password to change your e-mail.");
}

bool has_password(const Deps& deps, const http::Call& call) {
  return deps.authn.database.read([&](db::Tx& tx) { return tx.holds(password::is_set(call.account())); });
}

Result<http::Response> post_profile(const Deps& deps, const http::Call& call) {
  const auto changed = account::change_own_profile(
      deps.authn.account, call.context, authn::read_form(deps.authn.identity, call.form, {"current_password"}));
  if (changed) return page::redirect("/account", "account.saved");
  if (changed.error().is(http::reauth_required) && has_password(deps, call)) {
    return ask_password(deps, call, password_needed());
  }
  if (page::is_beyond_form(changed.error())) return changed.error();
  return show_profile(deps, call, TRY(account::own(deps.authn.account, call.context)), &changed.error());
}

// The password with the change it is needed for: first the one, as at /reauth, then the other in the session that the
// first has opened. When only the change is refused, the password need not be typed again.
Result<http::Response> post_confirmed_profile(const Deps& deps, const http::Call& call) {
  const auto password = page::typed_secret(call.form, "current_password");
  if (password.reveal().empty()) return ask_password(deps, call, password_needed());
  const auto in = authn::reauthenticate(deps.authn, call.context, authn::browser_of(deps.authn, call), password);
  if (!in && in.error().is(authn::invalid_credentials)) {
    return ask_password(
        deps, call, problem_with_password(validation_failed, "wrong_password", "This is not your current password."));
  }
  if (!in) return page::is_beyond_form(in.error()) ? in.error() : ask_password(deps, call, in.error());
  http::Call renewed = call;
  renewed.context.principal->session = in->session.session.id;
  renewed.context.principal->assurance = in->session.session.assurance;
  auto response = TRY(post_profile(deps, renewed));
  authn::set_cookies(response, deps.authn, call, *in);
  return response;
}

/// Whether the account is signed in to by something besides a password.
bool has_other_way(const Deps& deps, const AccountId& account) {
  const auto ways =
      deps.authn.database.read([&](db::Tx& tx) { return authn::ways_to_show_again(tx, deps.authn, account); });
  return std::any_of(ways.begin(), ways.end(),
                     [&](AuthMethod way) { return way != AuthMethod::password && deps.authn.policy.begins_with(way); });
}

Result<http::Response> show_security(const Deps& deps, const http::Call& call, const Error* error) {
  const auto account = TRY(account::own(deps.authn.account, call.context));
  const auto stored = password_of(deps, account);
  wire::Object data{{"username", identity::username(account)},
                    {"password_min", deps.authn.password.min_length},
                    {"password_max", deps.authn.password.max_length},
                    {"breached", is_breached(stored)},
                    {"has_password", stored.has_value()},
                    {"can_do_without", stored && has_other_way(deps, account.id)}};
  auto factors = factor_rows(deps.authn, deps.pages.words(call), account.id);
  data.push_back({"has_factors", !factors.empty()});
  data.push_back({"factors", std::move(factors)});
  if (stored) data.push_back({"changed", page::instant(deps.pages.words(call), stored->changed_at)});
  return page::render_form(deps.pages, call, {.page = "account_security", .error = error, .data = std::move(data)});
}

Result<http::Response> post_security(const Deps& deps, const http::Call& call) {
  std::optional<Secret> current;
  if (call.form.find("current_password") != nullptr) current = page::typed_secret(call.form, "current_password");
  const auto in = authn::change_password(deps.authn, call.context, authn::browser_of(deps.authn, call),
                                         {.current = std::move(current),
                                          .password = page::typed_secret(call.form, "password"),
                                          .confirmation = page::typed_secret(call.form, "password_confirm")});
  if (!in) return page::is_beyond_form(in.error()) ? in.error() : show_security(deps, call, &in.error());
  auto response = page::redirect("/account/security", "account_security.saved");
  authn::set_cookies(response, deps.authn, call, *in);
  return response;
}

Result<http::Response> post_password_removal(const Deps& deps, const http::Call& call) {
  const auto removed = authn::remove_password(deps.authn, call.context);
  if (!removed && page::is_beyond_form(removed.error())) return removed.error();
  if (!removed) return show_security(deps, call, &removed.error());
  return page::redirect("/account/security", "account_security.password_removed");
}

Result<http::Response> show_delete(const Deps& deps, const http::Call& call, const Error* error) {
  TRY(deps.authn.database.read([&](db::Tx& tx) { return authn::confirm_best(tx, deps.authn, call.context); }));
  const auto account = TRY(account::own(deps.authn.account, call.context));
  wire::Object data{{"confirm", identity::username(account)}};
  if (const auto grace = deps.authn.account.grace.span; grace > Duration{0}) {
    data.push_back({"erase", page::instant(deps.pages.words(call), call.now() + grace)});
  }
  return page::render_form(deps.pages, call, {.page = "account_delete", .error = error, .data = std::move(data)});
}

Result<http::Response> post_delete(const Deps& deps, const http::Call& call) {
  if (page::typed(call.form, "uid") != identity::username(TRY(account::own(deps.authn.account, call.context)))) {
    const Error error{validation_failed,
                      std::vector<FieldError>{{"uid", "confirmation_differs", "Type it exactly as shown."}}};
    return show_delete(deps, call, &error);
  }
  const auto erase_at = TRY(delete_own(deps.authn, call.context));
  auto response = page::redirect("/signin", erase_at ? "signin.closed" : "signin.deleted");
  authn::clear_cookies(response, deps.authn, call);
  return response;
}

}  // namespace

std::vector<http::Route> profile_pages(const Deps& deps) {
  using http::Lane;
  std::vector<http::Route> routes;
  http::Routes pages{deps.pages.surface(), routes};
  pages.get("/account", Lane::quick, signed_in, [deps](const http::Call& call) { return get_profile(deps, call); });
  pages.post("/account", Lane::quick, signed_in, [deps](const http::Call& call) { return post_profile(deps, call); });
  pages.post("/account/confirm", Lane::heavy, signed_in,
             [deps](const http::Call& call) { return post_confirmed_profile(deps, call); });
  pages.get("/account/security", Lane::quick, signed_in,
            [deps](const http::Call& call) { return show_security(deps, call, nullptr); });
  pages.post("/account/security", Lane::heavy, signed_in,
             [deps](const http::Call& call) { return post_security(deps, call); });
  pages.post("/account/security/password/remove", Lane::quick, shown_within(deps.authn.session.recent),
             [deps](const http::Call& call) { return post_password_removal(deps, call); });
  pages.get("/account/delete", Lane::quick, shown_within(deps.authn.session.recent),
            [deps](const http::Call& call) { return show_delete(deps, call, nullptr); });
  pages.post("/account/delete", Lane::quick, shown_within(deps.authn.session.recent),
             [deps](const http::Call& call) { return post_delete(deps, call); });
  // Where password managers send people (W3C change-password-url).
  pages.get("/.well-known/change-password", Lane::instant, anyone, [](const http::Call&) -> Result<http::Response> {
    http::Response response{.status = 302, .headers = {}, .body = {}};
    response.headers.add("Location", "/account/security#password");
    return response;
  });
  return routes;
}

}  // namespace cardea::self_service
