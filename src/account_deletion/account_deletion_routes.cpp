#include "account_deletion/account_deletion.hpp"
#include "authn/credentials.hpp"
#include "authn/credentials_answer.hpp"
#include "authn/factors.hpp"
#include "http/problem.hpp"
#include "identity/account_view.hpp"

namespace cardea::account_deletion {
namespace {

constexpr http::Tag signing_in{"Signing in", "Accounts are made, and sessions begin and end."};
constexpr http::Tag administering{"People", "The list of users, and what administrators do."};

Result<http::Response> post_restore(const Deps& deps, const http::Call& call) {
  return authn::answer(deps.authn, call,
                       TRY(authn::keep_account(deps.authn, call.context, authn::browser_of(deps.authn, call),
                                               authn::signin_token(call))));
}

Result<http::Response> delete_user(const Deps& deps, const http::Call& call) {
  const auto& account = deps.authn.account;
  const auto id = AccountId::parse(call.param(0));
  if (!id) return not_found;
  if (call.context.is(*id)) {  // as at /v1/me
    TRY(deps.authn.database.read([&](db::Tx& tx) { return authn::confirm_best(tx, deps.authn, call.context); }));
  }
  // If-Match names what GET /v1/users/{id} answers an administrator with.
  TRY(account::request_removal(account, call.context, *id, [&](const identity::Account& current) {
    return call.check_condition(wire::write(identity::view(current, account.identity, identity::Viewer::admin)));
  }));
  return http::no_content();
}

Result<http::Response> restore_user(const Deps& deps, const http::Call& call) {
  const auto id = AccountId::parse(call.param(0));
  if (!id) return not_found;
  TRY(account::restore(deps.authn.account, call.context, *id));
  return http::no_content();
}

}  // namespace

std::vector<http::Route> api_routes(const Deps& deps) {
  using http::Lane;
  std::vector<http::Route> routes;
  const auto with = [&deps](Result<http::Response> (*handler)(const Deps&, const http::Call&)) {
    return [deps, handler](const http::Call& call) { return handler(deps, call); };
  };
  http::Routes api{http::api_surface(), routes, &signing_in};
  api.post("/v1/signin/restore", Lane::quick, anyone, with(post_restore),
           {.summary = "Keep the account for which a sign-in was answered with restore_required, and go on with the "
                       "sign-in.",
            .response = &wire::schema<authn::SignInView>,
            .errors = {&authn::signin_expired, &authn::invalid_credentials, &authn::mfa_enrolment_required}});
  http::Routes admin{http::api_surface(), routes, &administering};
  admin
      .del("/v1/users/{id}", Lane::quick, holder_of(account::users_delete), with(delete_user),
           {.summary = "Delete another account, as an administrator: it is closed at once, and erased when "
                       "account.deletion_grace is over.",
            .params = {http::schema_of<AccountId>()},
            .status = 204,
            .errors = {&not_found, &http::forbidden, &http::reauth_required}})
      .has_etag = true;
  admin.post("/v1/users/{id}/restore", Lane::quick, holder_of(account::users_delete), with(restore_user),
             {.summary = "Keep an account that waits to be erased, as an administrator.",
              .params = {http::schema_of<AccountId>()},
              .status = 204,
              .errors = {&not_found, &http::forbidden, &account::not_waiting}});
  return routes;
}

}  // namespace cardea::account_deletion
