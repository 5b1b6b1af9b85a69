#include "authn/factors.hpp"
#include "http/problem.hpp"
#include "identity/account_view.hpp"
#include "people/people.hpp"

namespace cardea::people {
namespace {

constexpr http::Tag tag{"People", "The list of users, and what administrators do."};

Result<http::Response> delete_user(const Deps& deps, const http::Call& call) {
  const auto id = AccountId::parse(call.param(0));
  if (!id) return not_found;
  if (call.context.is(*id)) {  // as at /v1/me
    TRY(deps.authn.database.read([&](db::Tx& tx) { return authn::confirm_best(tx, deps.authn, call.context); }));
  }
  // If-Match names what GET /v1/users/{id} answers an administrator with.
  TRY(account::request_removal(deps.account, call.context, *id, [&](const identity::Account& current) {
    return call.check_condition(wire::write(identity::view(current, deps.account.identity, identity::Viewer::admin)));
  }));
  return http::no_content();
}

Result<http::Response> restore_user(const Deps& deps, const http::Call& call) {
  const auto id = AccountId::parse(call.param(0));
  if (!id) return not_found;
  TRY(account::restore(deps.account, call.context, *id));
  return http::no_content();
}

}  // namespace

std::vector<http::Route> deletion_routes(const Deps& deps) {
  using http::Lane;
  std::vector<http::Route> routes;
  http::Routes api{http::api_surface(), routes, &tag};
  api.del("/v1/users/{id}", Lane::quick, holder_of(account::users_delete),
          [deps](const http::Call& call) { return delete_user(deps, call); },
          {.summary = "Delete another account, as an administrator: it is closed at once, and erased when "
                      "account.deletion_grace is over.",
           .params = {http::schema_of<AccountId>()},
           .status = 204,
           .errors = {&not_found, &http::forbidden, &http::reauth_required}})
      .has_etag = true;
  api.post("/v1/users/{id}/restore", Lane::quick, holder_of(account::users_delete),
           [deps](const http::Call& call) { return restore_user(deps, call); },
           {.summary = "Keep an account that waits to be erased, as an administrator.",
            .params = {http::schema_of<AccountId>()},
            .status = 204,
            .errors = {&not_found, &http::forbidden, &account::not_waiting}});
  return routes;
}

}  // namespace cardea::people
