#include "login/login.hpp"

namespace cardea::login {

struct SignIn {
  std::string uid;
  Secret password;
};
template <class D>
void describe(D& d, wire::Of<D, SignIn>& body) {
  d.required("uid", body.uid, {.max = 400, .doc = "User id or e-mail address."});
  d.required("password", body.password, {.max = 100'000, .format = "password"});
}

struct Reauth {
  Secret password;
};
template <class D>
void describe(D& d, wire::Of<D, Reauth>& body) {
  d.required("password", body.password, {.max = 100'000, .format = "password"});
}

namespace {

wire::Schema session_schema() {
  return wire::Object{{"type", "object"},
                      {"properties", wire::Object{{"session", wire::Object{{"type", "object"}}},
                                                  {"user", wire::Object{{"type", "object"}}}}},
                      {"required", wire::Array{"session", "user"}}};
}

wire::Schema token_schema() {
  return wire::Object{{"type", "object"},
                      {"properties", wire::Object{{"access_token", wire::Object{{"type", "string"}}},
                                                  {"token_type", wire::Object{{"type", "string"}}},
                                                  {"expires_in", wire::Object{{"type", "integer"}}}}},
                      {"required", wire::Array{"access_token", "token_type", "expires_in"}}};
}

Result<http::Response> mint_token(const authn::Deps& deps, const http::Call& call) {
  // A token that could renew itself would not be of limited life once it has leaked.
  if (call.who().via != http::Via::cookie) return http::forbidden;
  const auto session = deps.database.read([&](db::Tx& tx) { return session::find(tx, call.who().session, call.now); });
  if (!session) return http::unauthenticated;
  return http::json(200, wire::to_json(authn::access_token(deps, *session, call.now)));
}

}  // namespace

Feature feature(const Deps& deps) {
  const auto& authn = deps.authn;
  Feature feature{.name = "login"};
  feature.routes = page_routes(deps);
  using http::Access;
  using http::Lane;
  http::Routes api{http::Style::api, feature.routes};
  api.post("/v1/signin", Lane::heavy, Access::anyone,
           [&authn](const http::Call& call) -> Result<http::Response> {
             const auto body = TRY(wire::read<SignIn>(call.request.body));
             const auto admitted = TRY(authn::sign_in(authn, call, body.uid, body.password));
             return authn::welcome(authn, call, admitted, 200);
           },
           {.summary = "Sign in with a user id or e-mail address and a password.",
            .request = &wire::schema<SignIn>,
            .response = &authn::welcome_schema,
            .errors = {&authn::invalid_credentials, &throttle::rate_limited, &validation_failed}});
  api.post("/v1/signout", Lane::quick, Access::optional,
           [&authn](const http::Call& call) -> Result<http::Response> {
             authn::sign_out(authn, call);
             auto response = http::no_content();
             authn::clear_cookies(response, authn);
             return response;
           },
           {.summary = "End this session, and the one of a classic cookie. Signing out twice is fine.", .status = 204});
  api.post("/v1/reauth", Lane::heavy, Access::signed_in,
           [&authn](const http::Call& call) -> Result<http::Response> {
             const auto body = TRY(wire::read<Reauth>(call.request.body));
             return authn::welcome(authn, call, TRY(authn::reauthenticate(authn, call, body.password)), 200);
           },
           {.summary = "Show the password again before something that needs recent authentication. The session is "
                       "replaced by a new one.",
            .request = &wire::schema<Reauth>,
            .response = &authn::welcome_schema,
            .errors = {&authn::invalid_credentials, &throttle::rate_limited}});
  api.get("/v1/session", Lane::instant, Access::signed_in,
          [](const http::Call& call) -> Result<http::Response> { return http::json(200, *call.who().summary); },
          {.summary = "Who is signed in. Answered from memory.", .response = &session_schema});
  api.post("/v1/session/token", Lane::quick, Access::signed_in,
           [&authn](const http::Call& call) { return mint_token(authn, call); },
           {.summary = "A fresh access token for the session of the cookie.",
            .response = &token_schema,
            .errors = {&http::forbidden}});
  feature.errors = {&authn::invalid_credentials, &throttle::rate_limited, &http::unauthenticated,
                    &http::reauth_required};
  return feature;
}

}  // namespace cardea::login
