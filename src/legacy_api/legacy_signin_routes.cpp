#include "authn/credentials.hpp"
#include "authn/credentials_answer.hpp"
#include "http/message_body.hpp"
#include "http/problem.hpp"
#include "legacy_api/legacy_api.hpp"

namespace cardea::legacy_api {

struct Credentials {
  static constexpr std::string_view schema_name = "LegacyCredentials";
  static constexpr std::string_view schema_example = R"({"uid":"carol","password":"a river of nine lanterns"})";
  std::optional<std::string> uid;
  std::optional<Secret> password;
  wire::Object rest;
};
template <class D>
void describe(D& d, wire::Of<D, Credentials>& body) {
  d.expected("uid", body.uid, {.max = 400, .doc = "User id or e-mail address."});
  d.expected("password", body.password, {.max = 100'000, .format = "password"});
  d.rest(body.rest, "Ignored.");
}

struct LegacySignIn {
  static constexpr std::string_view schema_name = "LegacySignIn";
  static constexpr std::string_view schema_example =
      R"({"message":"Authentication for carol successful","data":{)"
      R"("jwt":"eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln","user":{"name":"Carol",)"
      R"("id":"usr_01K2V7F3T4Q9M6W8X5Y0Z1A2B3"}}})";
  struct User {
    std::string name;
    AccountId id;
  };
  struct Data {
    std::string jwt;
    User user;
  };
  std::string message;
  Data data;
};
template <class D>
void describe(D& d, wire::Of<D, LegacySignIn::User>& user) {
  d.required("name", user.name, {.max = identity::longest_name});
  d.required("id", user.id);
}
template <class D>
void describe(D& d, wire::Of<D, LegacySignIn::Data>& data) {
  d.required("jwt", data.jwt, {.max = wire::unlimited, .doc = "The token, which the cookie `jwt` holds too."});
  d.required("user", data.user);
}
template <class D>
void describe(D& d, wire::Of<D, LegacySignIn>& body) {
  d.required("message", body.message, {.max = wire::unlimited, .doc = "A sentence for people."});
  d.required("data", body.data);
}

namespace {

std::vector<FieldError> missing_in(const Credentials& body) {
  std::vector<FieldError> problems;
  if (!body.uid || body.uid->empty()) problems.push_back({"uid", "required", "This is required."});
  if (!body.password || body.password->empty()) problems.push_back({"password", "required", "This is required."});
  return problems;
}

// The contract has no words for a second step.
const ErrorKind& refusal_of(authn::Pending::Needs needs) {
  if (needs == authn::Pending::Needs::verification) return authn::verify_required;
  return needs == authn::Pending::Needs::restoration ? authn::restore_required : authn::mfa_required;
}

Result<http::Response> authenticate(const authn::Deps& deps, const http::Call& call) {
  const auto body = TRY(wire::read<Credentials>(call.request.body));
  if (auto missing = missing_in(body); !missing.empty()) {
    return with_message(credentials_missing, std::move(missing), std::string{credentials_missing.title});
  }
  const auto outcome =
      authn::sign_in(deps, call.context, authn::browser_of(deps, call), *body.uid, *body.password, token_lifetime);
  if (!outcome && outcome.error().is(authn::invalid_credentials)) return credentials_wrong;
  if (!outcome) return outcome.error();
  const auto* in = std::get_if<authn::SignedIn>(&*outcome);
  if (in == nullptr) {
    return refusal_of(std::get<authn::Pending>(*outcome).needs);
  }

  const auto& account = in->account;
  const auto name = identity::username(account);
  const std::string jwt = deps.tokens.issue(token_type, {.subject = account.id,
                                                         .session = in->session.session.id,
                                                         .issued_at = call.now(),
                                                         .expires_at = call.now() + token_lifetime,
                                                         .name = name});
  auto response = http::json(LegacySignIn{.message = "Authentication for " + name + " successful",
                                          .data = {.jwt = jwt, .user = {.name = account.name, .id = account.id}}});
  authn::add_credential_cookie(response, deps, call.request, jwt_cookie.cookie, jwt, token_lifetime);
  if (in->known_browser) authn::set_known_browser_cookie(response, deps, *in->known_browser);
  return response;
}

// The older token has no other way to its end: whoever has the bearer alone has no cookie to show.
Result<http::Response> sign_out(const authn::Deps& deps, const http::Call& call) {
  authn::sign_out(deps, call.context, authn::presented_sessions(deps, call));
  auto response = http::json(http::MessageBody{"Signed out"});
  authn::clear_cookies(response, deps, call);
  return response;
}

}  // namespace

std::vector<http::Route> sign_in_routes(const Deps& deps) {
  std::vector<http::Route> routes;
  http::Routes legacy{surface(), routes};
  legacy.post(
      "/api/users/authenticate", http::Lane::heavy, anyone,
      [&authn = deps.authn](const http::Call& call) { return authenticate(authn, call); },
      {.summary = "Sign in: the token in the body and in the cookie `jwt`.",
       .request = &wire::schema<Credentials>,
       .response = &wire::schema<LegacySignIn>,
       .errors = {&validation_failed, &credentials_missing, &credentials_wrong, &throttle::rate_limited,
                  &authn::mfa_required, &authn::verify_required, &authn::restore_required, &authn::method_off}});
  legacy.del(
      "/api/users/authenticate", http::Lane::quick, or_token(if_signed_in),
      [&authn = deps.authn](const http::Call& call) { return sign_out(authn, call); },
      {.summary = "Sign out: ends the sessions of the bearer token and of every cookie that is sent along. Twice is "
                  "fine.",
       .response = &wire::schema<http::MessageBody>});
  return routes;
}

}  // namespace cardea::legacy_api
