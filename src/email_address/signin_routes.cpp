#include "authn/credentials.hpp"
#include "authn/credentials_answer.hpp"
#include "email_address/email_address.hpp"
#include "email_address/wire.hpp"
#include "http/problem.hpp"

namespace cardea::email_address {

struct AddressBody {
  static constexpr std::string_view schema_name = "SignInAddress";
  static constexpr std::string_view schema_example = R"({"email":"carol@example.com"})";
  std::string email;
};
template <class D>
void describe(D& d, wire::Of<D, AddressBody>& body) {
  d.required("email", body.email, {.max = 320, .doc = "E-mail address.", .format = "email"});
}

namespace {

constexpr http::Tag tag{"Signing in", "Accounts are made, and sessions begin and end."};

Result<http::Response> go_on(const Deps& deps, const http::Call& call) {
  return authn::answer(deps.authn, call,
                       TRY(authn::resume_sign_in(deps.authn, call.context, authn::browser_of(deps.authn, call),
                                                 authn::signin_token(call))));
}

Result<http::Response> post_code(const Deps& deps, const http::Call& call) {
  const auto body = TRY(wire::read<Code>(call.request.body));
  const auto id = TRY(authn::account_to_verify(deps.authn, call.context, authn::signin_token(call)));
  TRY(confirm_by_code(deps, call.context, id, body.code));
  return go_on(deps, call);
}

Result<http::Response> post_resend(const Deps& deps, const http::Call& call) {
  const auto id = TRY(authn::account_to_verify(deps.authn, call.context, authn::signin_token(call)));
  TRY(resend(deps, call.context, id));
  return http::no_content();
}

Result<http::Response> post_address(const Deps& deps, const http::Call& call) {
  const auto body = TRY(wire::read<AddressBody>(call.request.body));
  TRY(give_address(deps, call.context, authn::signin_token(call), body.email));
  return http::no_content();
}

}  // namespace

std::vector<http::Route> signin_routes(const Deps& deps) {
  using http::Lane;
  std::vector<http::Route> routes;
  http::Routes api{http::api_surface(), routes, &tag};
  const auto with = [&deps](Result<http::Response> (*handler)(const Deps&, const http::Call&)) {
    return [deps, handler](const http::Call& call) { return handler(deps, call); };
  };
  api.post("/v1/verify/signin", Lane::quick, anyone, with(post_code),
           {.summary = "Confirm the address for which a sign-in was answered with verify_required by the code that was "
                       "sent to it, and go on with the sign-in.",
            .request = &wire::schema<Code>,
            .response = &wire::schema<authn::SignInView>,
            .errors = {&authn::signin_expired, &nothing_to_confirm, &challenge::wrong_code, &challenge::not_valid,
                       &authn::invalid_credentials, &authn::mfa_enrolment_required, &throttle::rate_limited,
                       &validation_failed}});
  api.post("/v1/verify/signin/continue", Lane::quick, anyone, with(go_on),
           {.summary = "Go on with such a sign-in after the link was opened elsewhere; verify_required again before.",
            .response = &wire::schema<authn::SignInView>,
            .errors = {&authn::signin_expired, &authn::invalid_credentials, &authn::mfa_enrolment_required}});
  api.post("/v1/verify/signin/resend", Lane::quick, anyone, with(post_resend),
           {.summary = "Send the code and the link of such a sign-in again; those sent before no longer work.",
            .status = 204,
            .errors = {&authn::signin_expired, &nothing_to_confirm, &throttle::rate_limited}});
  api.post("/v1/verify/signin/address", Lane::quick, anyone, with(post_address),
           {.summary = "Give the account of such a sign-in another address to confirm, where the first was mistyped or "
                       "there is none.",
            .request = &wire::schema<AddressBody>,
            .status = 204,
            .errors = {&authn::signin_expired, &http::reauth_required, &throttle::rate_limited, &validation_failed}});
  return routes;
}

}  // namespace cardea::email_address
