#include "authn/credentials.hpp"
#include "authn/credentials_answer.hpp"
#include "email_code/cookie_routes.hpp"
#include "email_code/email_code.hpp"
#include "encoding/wire.hpp"
#include "http/problem.hpp"

namespace cardea::email_code {

struct StateView {
  static constexpr std::string_view schema_name = "EmailCodes";
  static constexpr std::string_view schema_example = R"({"enrolled":true,"enrolled_at":"2026-11-23T12:00:00.000Z"})";
  bool enrolled = false;
  std::optional<Time> enrolled_at;
};
template <class D>
void describe(D& d, wire::Of<D, StateView>& state) {
  d.required("enrolled", state.enrolled);
  d.required("enrolled_at", state.enrolled_at, {.doc = "Null when they are not set up."});
}

struct CodeBody {
  static constexpr std::string_view schema_name = "MailedCode";
  static constexpr std::string_view schema_example = R"({"code":"482913"})";
  Secret code;
};
template <class D>
void describe(D& d, wire::Of<D, CodeBody>& body) {
  d.required("code", body.code, {.max = 64, .doc = "The digits of the letter; spaces do not count."});
}

struct AskBody {
  static constexpr std::string_view schema_name = "MailedCodeWish";
  static constexpr std::string_view schema_example = R"({"email":"carol@example.com"})";
  std::string email;
};
template <class D>
void describe(D& d, wire::Of<D, AskBody>& body) {
  d.required("email", body.email, {.max = 320, .doc = "The confirmed address of the account.", .format = "email"});
}

namespace {

constexpr http::Tag factor_tag{"Second factors", "What somebody shows besides the password."};
constexpr http::Tag signin_tag{"Signing in", "Accounts are made, and sessions begin and end."};

using DepsPtr = std::shared_ptr<const Deps>;

Result<http::Response> get_state(const Deps& deps, const http::Call& call) {
  const auto now = deps.authn.database.read([&](db::Tx& tx) { return state(tx, call.account()); });
  return http::json(StateView{.enrolled = now.is_enrolled, .enrolled_at = now.since});
}

Result<http::Response> post_start(const Deps& deps, const http::Call& call) {
  TRY(start(deps, call.context));
  return http::no_content();
}

Result<http::Response> post_confirm(const Deps& deps, const http::Call& call) {
  const auto body = TRY(wire::read<CodeBody>(call.request.body));
  const auto in = TRY(confirm(deps, call.context, authn::browser_of(deps.authn, call), body.code));
  return authn::welcome(deps.authn, call, in, 200);
}

Result<http::Response> del(const Deps& deps, const http::Call& call) {
  TRY(authn::remove_factor(deps.authn, call.context, AuthMethod::email_code));
  return http::no_content();
}

Result<http::Response> post_send(const Deps& deps, const http::Call& call) {
  TRY(send_second_step(deps, call.context, authn::signin_token(call)));
  return http::no_content();
}

Result<http::Response> post_ask(const Deps& deps, const http::Call& call) {
  const auto body = TRY(wire::read<AskBody>(call.request.body));
  const auto token = TRY(ask(deps, call.context, body.email, authn::browser_of(deps.authn, call).language));
  auto response = http::no_content();
  keep(response, deps, token);
  return response;
}

Result<http::Response> post_sign_in(const Deps& deps, const http::Call& call) {
  const auto body = TRY(wire::read<CodeBody>(call.request.body));
  const auto in = TRY(sign_in(deps, call.context, authn::browser_of(deps.authn, call), waiting_token(call), body.code));
  auto response = authn::answer(deps.authn, call, in);
  forget(response, deps);
  return response;
}

void add_own(http::Routes& api, const authn::Deps& authn, const auto& with) {
  using http::Lane;
  const auto recent = shown_within(authn.session.recent);
  api.get("/v1/me/email-code", Lane::quick, signed_in, with(get_state),
          {.summary = "Whether the caller is asked for a code by e-mail as the second factor.",
           .response = &wire::schema<StateView>});
  api.post("/v1/me/email-code", Lane::quick, recent, with(post_start),
           {.summary = "Send a code to the caller's address, to set up codes by e-mail as the second factor. Nothing "
                       "changes until it is confirmed.",
            .status = 204,
            .errors = {&http::reauth_required, &authn::mfa_off, &no_address, &outranked, &throttle::rate_limited}});
  api.post(
      "/v1/me/email-code/confirm", Lane::quick, signed_in, with(post_confirm),
      {.summary = "Set them up by the code that was sent in this session. Ends every other session; the answer "
                  "holds a new one.",
       .request = &wire::schema<CodeBody>,
       .response = &wire::schema<authn::SignedInView>,
       .errors = {&authn::mfa_off, &outranked, &authn::invalid_code, &throttle::rate_limited, &validation_failed}});
  api.del("/v1/me/email-code", Lane::quick, recent, with(del),
          {.summary = "Be asked for codes by e-mail no more. Ends every other session; recovery codes go with the last "
                      "factor.",
           .status = 204,
           .errors = {&http::reauth_required, &authn::last_factor, &not_found}});
}

}  // namespace

std::vector<http::Route> api_routes(DepsPtr deps) {
  using http::Lane;
  std::vector<http::Route> routes;
  const auto with = [deps](Result<http::Response> (*handler)(const Deps&, const http::Call&)) {
    return [deps, handler](const http::Call& call) { return handler(*deps, call); };
  };
  http::Routes factors{http::api_surface(), routes, &factor_tag};
  add_own(factors, deps->authn, with);
  factors.post("/v1/email-code/second-factor", Lane::quick, if_signed_in, with(post_send),
               {.summary = "Send a code for the sign-in that waits for its second step, or for a session that shows it "
                           "again. The code goes to POST /v1/signin/email_code or POST /v1/reauth.",
                .status = 204,
                .errors = {&authn::signin_expired, &not_found, &throttle::rate_limited}});
  http::Routes signin{http::api_surface(), routes, &signin_tag};
  signin.post("/v1/email-code/signin", Lane::quick, anyone, with(post_ask),
              {.summary = "Ask for a code to sign in by, where signin.methods has email_code. The answer is the same "
                          "whether or not the address has an account; it sets a cookie that the next step needs.",
               .request = &wire::schema<AskBody>,
               .status = 204,
               .errors = {&authn::method_off, &mail::not_set_up, &throttle::rate_limited, &validation_failed}});
  signin.post("/v1/email-code/signin/complete", Lane::quick, anyone, with(post_sign_in),
              {.summary = "Sign in by the code.",
               .request = &wire::schema<CodeBody>,
               .response = &wire::schema<authn::SignInView>,
               .errors = {&authn::method_off, &authn::signin_expired, &authn::invalid_code, &authn::invalid_credentials,
                          &authn::mfa_enrolment_required, &throttle::rate_limited, &validation_failed}});
  return routes;
}

}  // namespace cardea::email_code
