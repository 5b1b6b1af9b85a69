#include "account_deletion/account_deletion.hpp"
#include "authn/credentials.hpp"
#include "authn/credentials_answer.hpp"

namespace cardea::account_deletion {
namespace {

constexpr http::Tag tag{"Signing in", "Accounts are made, and sessions begin and end."};

Result<http::Response> post_restore(const Deps& deps, const http::Call& call) {
  return authn::answer(deps.authn, call,
                       TRY(authn::keep_account(deps.authn, call.context, authn::browser_of(deps.authn, call),
                                               authn::signin_token(call))));
}

}  // namespace

std::vector<http::Route> api_routes(const Deps& deps) {
  using http::Lane;
  std::vector<http::Route> routes;
  const auto with = [&deps](Result<http::Response> (*handler)(const Deps&, const http::Call&)) {
    return [deps, handler](const http::Call& call) { return handler(deps, call); };
  };
  http::Routes api{http::api_surface(), routes, &tag};
  api.post("/v1/signin/restore", Lane::quick, anyone, with(post_restore),
           {.summary = "Keep the account for which a sign-in was answered with restore_required, and go on with the "
                       "sign-in.",
            .response = &wire::schema<authn::SignInView>,
            .errors = {&authn::signin_expired, &authn::invalid_credentials, &authn::mfa_enrolment_required}});
  return routes;
}

}  // namespace cardea::account_deletion
