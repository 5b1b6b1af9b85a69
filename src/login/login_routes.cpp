#include "authn/credentials.hpp"
#include "authn/credentials_answer.hpp"
#include "authn/pending.hpp"
#include "http/problem.hpp"
#include "login/login.hpp"

namespace cardea::login {

struct SignIn {
  static constexpr std::string_view schema_name = "SignIn";
  static constexpr std::string_view schema_example = R"({"uid":"carol","password":"a river of nine lanterns"})";
  std::string uid;
  Secret password;
};
template <class D>
void describe(D& d, wire::Of<D, SignIn>& body) {
  d.required("uid", body.uid, {.max = 400, .doc = "User id or e-mail address."});
  d.required("password", body.password, {.max = 100'000, .format = "password"});
}

struct Code {
  static constexpr std::string_view schema_name = "SignInCode";
  static constexpr std::string_view schema_example = R"({"code":"482913"})";
  Secret code;
  bool trust_browser = false;
};
template <class D>
void describe(D& d, wire::Of<D, Code>& body) {
  d.required("code", body.code,
             {.max = 16'000, .doc = "The response of the second factor; of a security key, its assertion as JSON."});
  d.optional("trust_browser", body.trust_browser,
             {.doc = "Do not ask this browser for it again for signin.trust_browser; without effect when that is 0."});
}

struct TokenRequest {
  static constexpr std::string_view schema_name = "TokenRequest";
  static constexpr std::string_view schema_example = R"({"audience":"https://api.example.com"})";
  std::optional<std::string> audience;
};
template <class D>
void describe(D& d, wire::Of<D, TokenRequest>& body) {
  d.optional(
      "audience", body.audience,
      {.max = 255, .doc = "A service of token.audiences, which alone takes the token. Without it: this server."});
}

struct Reauth {
  static constexpr std::string_view schema_name = "Reauthentication";
  static constexpr std::string_view schema_example = R"({"password":"a river of nine lanterns"})";
  std::optional<Secret> password;
  std::optional<AuthMethod> method;
  std::optional<Secret> code;
};
template <class D>
void describe(D& d, wire::Of<D, Reauth>& body) {
  d.optional("password", body.password, {.max = 100'000, .format = "password"});
  d.optional("method", body.method, {.doc = "Of the account's second factors; with `code`."});
  d.optional("code", body.code, {.max = 1'000, .doc = "The response of that factor."});
}

namespace {

constexpr http::Tag tag{"Signing in", "Accounts are made, and sessions begin and end."};

Error unknown_audience() {
  return Error{validation_failed, std::vector<FieldError>{{"audience", "unknown_audience",
                                                           "This server makes no tokens for that service."}}};
}

// By the cookie alone: a token that could renew itself would not be of limited life once it has leaked.
Result<http::Response> mint_token(const authn::Deps& deps, const http::Call& call) {
  const std::string_view sent = call.request.body;
  const auto body = TRY(wire::read<TokenRequest>(sent.empty() ? "{}" : sent));
  if (body.audience && !token::is_audience(deps.token, *body.audience)) return unknown_audience();
  std::optional<identity::Account> account;
  const auto session = deps.database.read([&](db::Tx& tx) {
    auto found = session::find(tx, call.session(), call.now());
    if (found) account = identity::find(tx, found->account);
    return found;
  });
  if (!session || !account) return http::unauthenticated;
  return http::json(authn::access_token(deps, *session, *account, call.now(), body.audience.value_or("")));
}

Result<http::Response> sign_in(const authn::Deps& deps, const http::Call& call) {
  const auto body = TRY(wire::read<SignIn>(call.request.body));
  return authn::answer(deps, call,
                       TRY(authn::sign_in(deps, call.context, authn::browser_of(deps, call), body.uid, body.password)));
}

Result<http::Response> continue_sign_in(const authn::Deps& deps, const http::Call& call) {
  const auto method = parse_enum<AuthMethod>(call.param(0));
  if (!method) return not_found;
  const auto body = TRY(wire::read<Code>(call.request.body));
  return authn::answer(
      deps, call,
      TRY(authn::continue_sign_in(deps, call.context, authn::browser_of(deps, call), authn::signin_token(call), *method,
                                  body.code, body.trust_browser ? authn::Trust::asked : authn::Trust::unchanged)));
}

Result<http::Response> sign_out(const authn::Deps& deps, const http::Call& call) {
  authn::sign_out(deps, call.context, authn::presented_sessions(deps, call));
  auto response = http::no_content();
  authn::clear_cookies(response, deps, call);
  return response;
}

Error missing(std::string field) {
  return Error{validation_failed, std::vector<FieldError>{{std::move(field), "required", "This is required."}}};
}

Result<http::Response> reauthenticate(const authn::Deps& deps, const http::Call& call) {
  const auto body = TRY(wire::read<Reauth>(call.request.body));
  const bool has_code = body.method && body.code;
  if (body.method.has_value() != body.code.has_value()) {
    return missing(body.method ? "code" : "method");
  }
  if (!body.password && !has_code) return missing("password");
  const auto in = TRY(authn::reauthenticate(deps, call.context, authn::browser_of(deps, call),
                                            {.password = body.password ? &*body.password : nullptr,
                                             .method = body.method,
                                             .response = has_code ? &*body.code : nullptr}));
  return authn::welcome(deps, call, in, 200);
}

}  // namespace

FeatureEntry entry() {
  return {.describe =
              [](config::Section& root, FeatureSettings& settings) {
                root.section("signin").text(
                    "forgot", settings.of<Settings>().forgot,
                    "What the sign-in page says to whoever forgot the password; `cardea user reset` makes a link. "
                    "Empty: nothing.");
              },
          .make =
              [](const Host& host) {
                return feature({.authn = host.authn,
                                .pages = host.pages,
                                .settings = host.settings.of<Settings>(),
                                .front_ends = host.front_ends,
                                .can_recover = host.outbox.is_on()});
              }};
}

Feature feature(const Deps& deps) {
  using http::Lane;
  Feature feature{.name = "login"};
  feature.routes = page_routes(deps);
  http::Routes api{http::api_surface(), feature.routes, &tag};
  const auto with = [&authn = deps.authn](Result<http::Response> (*handler)(const authn::Deps&, const http::Call&)) {
    return [&authn, handler](const http::Call& call) { return handler(authn, call); };
  };
  api.post("/v1/signin", Lane::heavy, anyone, with(sign_in),
           {.summary = "Sign in with a user id or e-mail address and a password.",
            .request = &wire::schema<SignIn>,
            .response = &wire::schema<authn::SignInView>,
            .errors = {&authn::invalid_credentials, &throttle::rate_limited, &validation_failed, &authn::method_off,
                       &authn::mfa_enrolment_required}});
  api.post("/v1/signin/{method}", Lane::heavy, anyone, with(continue_sign_in),
           {.summary = "Go on with a sign-in that was answered with mfa_required, by one of its methods.",
            .params = {http::schema_of<AuthMethod>()},
            .request = &wire::schema<Code>,
            .response = &wire::schema<authn::SignInView>,
            .errors = {&authn::signin_expired, &authn::invalid_code, &authn::late_code, &authn::invalid_credentials,
                       &throttle::rate_limited, &validation_failed, &not_found, &authn::mfa_enrolment_required}});
  api.post("/v1/signout", Lane::quick, or_token(if_signed_in), with(sign_out),
           {.summary = "End this session, and those of every cookie and token sent along. Signing out twice is fine.",
            .status = 204});
  api.post("/v1/reauth", Lane::heavy, signed_in, with(reauthenticate),
           {.summary = "Show the password, a code of a second factor, or both again before something that needs recent "
                       "authentication. The session is replaced by a new one.",
            .request = &wire::schema<Reauth>,
            .response = &wire::schema<authn::SignedInView>,
            .errors = {&authn::invalid_credentials, &authn::invalid_code, &authn::late_code, &not_found,
                       &validation_failed, &throttle::rate_limited}});
  api.get("/v1/session", Lane::instant, or_token(signed_in),
          [](const http::Call& call) -> Result<http::Response> { return http::json(200, call.summary); },
          {.summary = "Who is signed in. Answered from memory.", .response = &wire::schema<authn::CurrentSession>});
  api.post("/v1/session/token", Lane::quick, signed_in, with(mint_token),
           {.summary = "A fresh access token for the session of the cookie: for this server, or for a service of "
                       "token.audiences.",
            .request = &wire::schema<TokenRequest>,
            .request_is_optional = true,
            .response = &wire::schema<authn::AccessToken>});
  feature.periodic = {authn::pending_sweep_job(deps.authn.database)};
  feature.errors = {&authn::invalid_credentials, &authn::invalid_code,    &authn::late_code,
                    &authn::signin_expired,      &authn::mfa_required,    &authn::mfa_enrolment_required,
                    &authn::method_off,          &authn::verify_required, &authn::restore_required,
                    &throttle::rate_limited,     &http::unauthenticated,  &http::reauth_required,
                    &authn::no_other_way_in};
  return feature;
}

}  // namespace cardea::login
