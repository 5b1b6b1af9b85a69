#include "authn/credentials.hpp"
#include "authn/credentials_answer.hpp"
#include "authn/factors.hpp"
#include "crypto/opaque_token.hpp"
#include "http/cookie.hpp"
#include "http/problem.hpp"
#include "passkey/ceremony.hpp"

namespace cardea::passkey {

struct RegistrationWish {
  static constexpr std::string_view schema_name = "PasskeyWish";
  static constexpr std::string_view schema_example = R"({"kind":"passkey"})";
  Kind kind = Kind::passkey;
  bool conditional = false;
};
template <class D>
void describe(D& d, wire::Of<D, RegistrationWish>& wish) {
  d.required("kind", wish.kind);
  d.optional("conditional", wish.conditional);
}

struct MadeBody {
  static constexpr std::string_view schema_name = "PasskeyMade";
  NewCredential credential;
};
template <class D>
void describe(D& d, wire::Of<D, MadeBody>& body) {
  d.required("credential", body.credential);
}

struct ShownBody {
  static constexpr std::string_view schema_name = "PasskeyShown";
  ShownCredential credential;
};
template <class D>
void describe(D& d, wire::Of<D, ShownBody>& body) {
  d.required("credential", body.credential);
}

/// What was added; and who shows a token gets one of the session that replaces theirs.
struct PasskeyAdded {
  static constexpr std::string_view schema_name = "PasskeyAdded";
  static constexpr std::string_view schema_example = PasskeyView::schema_example;
  PasskeyView passkey;
  std::optional<authn::AccessToken> token = {};
};
template <class D>
void describe(D& d, wire::Of<D, PasskeyAdded>& added) {
  describe(d, added.passkey);
  d.if_present("renewed", added.token,
               {.doc = "After a security key: a token of the new session, which replaces that of the request; every "
                       "other one has ended. Cookies are renewed by themselves."});
}

namespace {

constexpr http::Tag tag{"Passkeys", "Signing in without a password, and security keys as the second step."};

/// Tells browsers apart, so that a challenge is worth nothing in another one. It names nobody.
constexpr std::string_view browser_cookie = "__Host-cardea-ceremony";
constexpr std::chrono::seconds browser_cookie_age{24 * 3600};

std::optional<crypto::Digest> browser_of(const http::Call& call) {
  const auto token = http::cookie(call.request, browser_cookie);
  return token ? crypto::opaque_token_hash(*token) : std::nullopt;
}

Result<http::Response> post_creation_options(const Deps& deps, const http::Call& call) {
  const auto body = TRY(wire::read<RegistrationWish>(call.request.body));
  const Wish passkey = body.conditional ? Wish::quiet_passkey : Wish::passkey;
  return http::json(
      TRY(begin_registration(deps, call.context, body.kind == Kind::security_key ? Wish::security_key : passkey)));
}

Result<http::Response> post_registration(const Deps& deps, const http::Call& call) {
  const auto body = TRY(wire::read<MadeBody>(call.request.body));
  const auto added = TRY(finish_registration(deps, call.context, authn::browser_of(deps.authn, call), body.credential));
  PasskeyAdded answer{.passkey = view(added.passkey)};
  if (added.in)
    answer.token = authn::access_token(deps.authn, added.in->session.session, added.in->account, call.now());
  auto response = http::json(answer, 201);
  if (added.in) authn::set_cookies(response, deps.authn, call, *added.in);
  response.headers.set("Location", "/v1/me/passkeys/" + added.passkey.id.text());
  return response;
}

Result<http::Response> post_request_options(const Deps& deps, const http::Call& call) {
  TRY(authn::may_begin(deps.authn, AuthMethod::passkey));
  auto browser = browser_of(call);
  std::optional<Secret> token;
  if (!browser) {
    auto made = crypto::make_opaque_token(deps.authn.random);
    browser = made.hash;
    token = std::move(made.text);
  }
  auto response = http::json(TRY(begin_sign_in(deps, call.context, *browser)));
  if (token) {
    response.headers.add("Set-Cookie",
                         http::set_cookie(browser_cookie, token->reveal(),
                                          {.max_age = browser_cookie_age, .same_site = deps.authn.same_site}));
  }
  return response;
}

Result<http::Response> post_authentication(const Deps& deps, const http::Call& call) {
  const auto body = TRY(wire::read<ShownBody>(call.request.body));
  const auto browser = browser_of(call);
  if (!browser) return challenge::not_valid;
  const auto outcome =
      TRY(authn::sign_in_by(deps.authn, call.context, authn::browser_of(deps.authn, call), AuthMethod::passkey,
                            [&] { return judge_sign_in(deps, call.context, *browser, body.credential); }));
  return authn::answer(deps.authn, call, outcome);
}

Result<http::Response> post_again_options(const Deps& deps, const http::Call& call) {
  return http::json(TRY(begin_again(deps, call.context)));
}

// Of the sign-in that is pending, or else of the session, which may have to show it again.
Result<http::Response> post_second_step_options(const Deps& deps, const http::Call& call) {
  const std::string token = authn::signin_token(call);
  if (token.empty() && call.is_signed_in()) {
    return http::json(TRY(begin_second_step(deps, call.context, call.account(), subject_of(call.session()))));
  }
  const auto account = TRY(authn::account_of_pending(deps.authn, call.context, token, AuthMethod::security_key));
  const auto hash = crypto::opaque_token_hash(token);
  return http::json(TRY(begin_second_step(deps, call.context, account, subject_of_signin(hash.value()))));
}

}  // namespace

std::vector<http::Route> ceremony_routes(const Deps& deps) {
  using http::Lane;
  std::vector<http::Route> routes;
  http::Routes api{http::api_surface(), routes, &tag};
  const auto with = [&deps](Result<http::Response> (*handler)(const Deps&, const http::Call&)) {
    return [deps, handler](const http::Call& call) { return handler(deps, call); };
  };
  const Requirement recent = shown_within(deps.authn.account.recent);
  api.post(
      "/v1/passkeys/register/options", Lane::quick, recent, with(post_creation_options),
      {.summary = "What navigator.credentials.create() is to be called with. Needs a recent proof, of two factors "
                  "where the account has a second one.",
       .request = &wire::schema<RegistrationWish>,
       .response = &wire::schema<CreationBegun>,
       .errors = {&http::reauth_required, &authn::mfa_off, &too_many, &throttle::rate_limited, &validation_failed}});
  api.post("/v1/passkeys/register", Lane::quick, recent, with(post_registration),
           {.summary = "Add the passkey or security key that was made. A security key ends every other session.",
            .request = &wire::schema<MadeBody>,
            .response = &wire::schema<PasskeyAdded>,
            .status = 201,
            .errors = {&http::reauth_required, &authn::mfa_off, &webauthn::not_verified, &challenge::not_valid, &exists,
                       &too_many, &validation_failed}});
  api.post("/v1/passkeys/authenticate/options", Lane::quick, anyone, with(post_request_options),
           {.summary = "What navigator.credentials.get() is to be called with to sign in. Sets a cookie that the next "
                       "step needs.",
            .response = &wire::schema<RequestBegun>,
            .errors = {&authn::method_off, &throttle::rate_limited}});
  api.post(
      "/v1/passkeys/authenticate", Lane::quick, anyone, with(post_authentication),
      {.summary = "Sign in by a passkey.",
       .request = &wire::schema<ShownBody>,
       .response = &wire::schema<authn::SignInView>,
       .errors = {&unknown, &webauthn::not_verified, &challenge::not_valid, &authn::invalid_credentials,
                  &authn::method_off, &authn::mfa_enrolment_required, &throttle::rate_limited, &validation_failed}});
  api.post("/v1/passkeys/reauth/options", Lane::quick, signed_in, with(post_again_options),
           {.summary = "What navigator.credentials.get() is to be called with where somebody signed in shows a passkey "
                       "again. Its answer, as JSON, is the code of POST /v1/reauth, with passkey as the method.",
            .response = &wire::schema<RequestBegun>,
            .errors = {&throttle::rate_limited}});
  api.post("/v1/passkeys/second-factor/options", Lane::quick, if_signed_in, with(post_second_step_options),
           {.summary = "What navigator.credentials.get() is to be called with where a sign-in asks for a security key. "
                       "Its answer, as JSON, is the code of POST /v1/signin/security_key.",
            .response = &wire::schema<RequestBegun>,
            .errors = {&authn::signin_expired, &not_found, &throttle::rate_limited}});
  return routes;
}

}  // namespace cardea::passkey
