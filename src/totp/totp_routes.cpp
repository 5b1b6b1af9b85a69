#include "authn/credentials.hpp"
#include "authn/credentials_answer.hpp"
#include "http/problem.hpp"
#include "totp/totp.hpp"

namespace cardea::totp {

struct SetupView {
  static constexpr std::string_view schema_name = "TotpSetup";
  static constexpr std::string_view schema_example =
      R"({"secret":"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ","uri":"otpauth://totp/Cardea:carol?)"
      R"(secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Cardea&algorithm=SHA1&digits=6&period=30",)"
      R"("expires_at":"2026-11-23T12:30:00.000Z"})";
  std::string secret;
  std::string uri;
  Time expires_at;
};
template <class D>
void describe(D& d, wire::Of<D, SetupView>& setup) {
  d.required("secret", setup.secret,
             {.max = wire::unlimited, .doc = "In base32, for who types it into the app. It is shown once."});
  d.required("uri", setup.uri, {.max = wire::unlimited, .doc = "The same for apps, as a link or in a QR code."});
  d.required("expires_at", setup.expires_at, {.doc = "Until when it can be confirmed."});
}

struct StateView {
  static constexpr std::string_view schema_name = "Totp";
  static constexpr std::string_view schema_example = R"({"enrolled":true,"enrolled_at":"2026-11-23T12:00:00.000Z"})";
  bool enrolled = false;
  std::optional<Time> enrolled_at;
};
template <class D>
void describe(D& d, wire::Of<D, StateView>& state) {
  d.required("enrolled", state.enrolled);
  d.required("enrolled_at", state.enrolled_at, {.doc = "Null when there is none."});
}

struct Confirmation {
  static constexpr std::string_view schema_name = "TotpConfirmation";
  static constexpr std::string_view schema_example = R"({"code":"482913"})";
  Secret code;
};
template <class D>
void describe(D& d, wire::Of<D, Confirmation>& body) {
  d.required("code", body.code, {.max = 64, .doc = "What the app shows now; spaces do not count."});
}

namespace {

constexpr http::Tag tag{"Second factors", "What somebody shows besides the password."};

using DepsPtr = std::shared_ptr<const Deps>;

http::Response to_response(const Setup& setup) {
  return http::json(SetupView{.secret = setup.secret, .uri = setup.uri, .expires_at = setup.expires_at}, 201);
}

Result<http::Response> get_state(const Deps& deps, const http::Call& call) {
  const auto now = deps.authn.database.read([&](db::Tx& tx) { return state(tx, call.account()); });
  return http::json(StateView{.enrolled = now.is_enrolled, .enrolled_at = now.since});
}

Result<http::Response> post_start(const Deps& deps, const http::Call& call) {
  return to_response(TRY(start(deps, call.context)));
}

Result<http::Response> post_confirm(const Deps& deps, const http::Call& call) {
  const auto body = TRY(wire::read<Confirmation>(call.request.body));
  const auto in = TRY(confirm(deps, call.context, authn::browser_of(deps.authn, call), body.code));
  return authn::welcome(deps.authn, call, in, 200);
}

Result<http::Response> del(const Deps& deps, const http::Call& call) {
  TRY(authn::remove_factor(deps.authn, call.context, AuthMethod::totp));
  return http::no_content();
}

Result<http::Response> post_start_pending(const Deps& deps, const http::Call& call) {
  return to_response(TRY(start_pending(deps, call.context, authn::signin_token(call))));
}

Result<http::Response> post_confirm_pending(const Deps& deps, const http::Call& call) {
  const auto body = TRY(wire::read<Confirmation>(call.request.body));
  return authn::answer(deps.authn, call,
                       TRY(confirm_pending(deps, call.context, authn::browser_of(deps.authn, call),
                                           authn::signin_token(call), body.code)));
}

void add_own(http::Routes& api, const authn::Deps& authn, const auto& with) {
  using http::Lane;
  const auto recent = shown_within(authn.session.recent);
  api.get("/v1/me/totp", Lane::quick, signed_in, with(get_state),
          {.summary = "Whether the caller has an authenticator app.", .response = &wire::schema<StateView>});
  api.post("/v1/me/totp", Lane::quick, recent, with(post_start),
           {.summary = "Begin to set up an authenticator app. Nothing changes until a first code of it is confirmed.",
            .response = &wire::schema<SetupView>,
            .status = 201,
            .errors = {&http::reauth_required, &authn::mfa_off}});
  api.post("/v1/me/totp/confirm", Lane::quick, signed_in, with(post_confirm),
           {.summary = "Enrol the app that was set up in this session, by a code of it. Ends every other session; the "
                       "answer holds a new one.",
            .request = &wire::schema<Confirmation>,
            .response = &wire::schema<authn::SignedInView>,
            .errors = {&authn::mfa_off, &not_started, &authn::invalid_code, &authn::late_code, &validation_failed}});
  api.del("/v1/me/totp", Lane::quick, recent, with(del),
          {.summary = "Remove the authenticator app. Ends every other session; recovery codes go with the last factor.",
           .status = 204,
           .errors = {&http::reauth_required, &authn::last_factor, &not_found}});
}

}  // namespace

std::vector<http::Route> api_routes(DepsPtr deps) {
  using http::Lane;
  std::vector<http::Route> routes;
  http::Routes api{http::api_surface(), routes, &tag};
  const auto with = [deps](Result<http::Response> (*handler)(const Deps&, const http::Call&)) {
    return [deps, handler](const http::Call& call) { return handler(*deps, call); };
  };
  add_own(api, deps->authn, with);
  api.post("/v1/signin/enrol/totp", Lane::quick, anyone, with(post_start_pending),
           {.summary = "Begin to set up an authenticator app in a sign-in that was answered with enrol_required.",
            .response = &wire::schema<SetupView>,
            .status = 201,
            .errors = {&authn::signin_expired}});
  api.post("/v1/signin/enrol/totp/confirm", Lane::quick, anyone, with(post_confirm_pending),
           {.summary = "Enrol it by a code, and go on with the sign-in.",
            .request = &wire::schema<Confirmation>,
            .response = &wire::schema<authn::SignInView>,
            .errors = {&authn::signin_expired, &not_started, &authn::invalid_code, &authn::late_code,
                       &authn::invalid_credentials, &authn::mfa_enrolment_required, &validation_failed}});
  return routes;
}

}  // namespace cardea::totp
