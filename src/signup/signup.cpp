#include "signup/signup.hpp"

namespace cardea::signup {

// The JSON body. Which members are needed is a setting, so identity says what is missing, not the reader.
struct Body {
  std::optional<std::string> name;
  std::optional<std::string> uid;
  std::optional<std::string> email;
  Secret password;
  std::optional<Secret> password_confirm;
  wire::Object profile;
};

template <class D>
void describe(D& d, wire::Of<D, Body>& body) {
  d.optional("name", body.name, {.max = 400, .doc = "Display name, at least 2 characters."});
  d.optional("uid", body.uid, {.max = 400, .doc = "User id, at least 2 characters, without an @."});
  d.optional("email", body.email, {.max = 320, .doc = "E-mail address.", .format = "email"});
  d.expected("password", body.password, {.max = 100'000, .doc = "15 to 256 characters.", .format = "password"});
  d.optional("password_confirm", body.password_confirm,
             {.max = 100'000, .doc = "The same again, when sent.", .format = "password"});
  d.rest(body.profile);
}

Result<authn::Admitted> sign_up(const authn::Deps& deps, const http::Call& call, const authn::Enrolment& enrolment) {
  std::optional<authn::Admitted> admitted;
  TRY(authn::enrol(deps, call, enrolment, [&](db::Tx& tx, const identity::Account& account) {
    admitted = authn::admit(tx, deps, call, account, false);
  }));
  return std::move(*admitted);
}

Feature feature(const Deps& deps) {
  const auto answer = [&authn = deps.authn](const http::Call& call) -> Result<http::Response> {
    std::vector<FieldError> unread;
    Body body = TRY(wire::read<Body>(call.request.body, unread));
    const authn::Enrolment enrolment{.who = {.name = std::move(body.name),
                                             .uid = std::move(body.uid),
                                             .email = std::move(body.email),
                                             .profile = std::move(body.profile),
                                             .unread = std::move(unread)},
                                     .password = std::move(body.password),
                                     .confirmation = std::move(body.password_confirm)};
    const auto admitted = TRY(sign_up(authn, call, enrolment));
    return authn::welcome(authn, call, admitted, 201);
  };
  Feature feature{.name = "signup"};
  feature.routes = page_routes(deps);
  http::Routes api{http::Style::api, feature.routes};
  api.post("/v1/signup", http::Lane::heavy, http::Access::anyone, answer,
           {.summary = "Create an account and sign in.",
            .request = &wire::schema<Body>,
            .response = &authn::welcome_schema,
            .status = 201,
            .errors = {&validation_failed, &throttle::rate_limited}});
  feature.errors = {&validation_failed, &throttle::rate_limited};
  return feature;
}

}  // namespace cardea::signup
