#include "signup/signup.hpp"

#include "authn/credentials.hpp"
#include "authn/credentials_answer.hpp"
#include "http/problem_body.hpp"

namespace cardea::signup {

// The JSON body. Which members are needed is a setting, so identity says what is missing, not the reader.
struct Body {
  static constexpr std::string_view schema_name = "SignUp";
  static constexpr std::string_view schema_example =
      R"({"name":"Carol","uid":"carol","password":"a river of nine lanterns"})";
  std::optional<std::string> name;
  std::optional<std::string> uid;
  std::optional<std::string> email;
  Secret password;
  std::optional<Secret> password_confirm;
  std::optional<std::string> invitation;
  std::optional<std::string> proof;
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
  d.optional("invitation", body.invitation,
             {.max = 200, .doc = "The token of a link that invites, which is what stands behind link= in it."});
  d.optional("proof", body.proof,
             {.max = 200,
              .doc = "Where one is asked for: the text of the challenge, a colon, and a number that solves it "
                     "(docs/proof-of-work.md). The challenge stands in the problem signup_proof_required as its member "
                     "challenge, and can be had before."});
  d.rest(body.profile, "A declared profile field.");
}

namespace {

constexpr http::Tag tag{"Signing in", "Accounts are made, and sessions begin and end."};

Result<http::Response> post(const authn::Deps& deps, const http::Call& call) {
  std::vector<FieldError> unread;
  Body body = TRY(wire::read<Body>(call.request.body, unread));
  const authn::Registration registration{.who = {.name = std::move(body.name),
                                                 .uid = std::move(body.uid),
                                                 .email = std::move(body.email),
                                                 .profile = std::move(body.profile),
                                                 .unread = std::move(unread)},
                                         .password = std::move(body.password),
                                         .confirmation = std::move(body.password_confirm),
                                         .invitation = body.invitation.value_or(""),
                                         .proof = body.proof ? std::string_view{*body.proof} : std::string_view{}};
  const auto in = authn::sign_up(deps, call.context, authn::browser_of(deps, call), registration);
  if (in) return authn::answer(deps, call, *in, 201);
  if (!authn::asks_for_proof(in.error()) || !deps.sign_up_guard) return in.error();
  return http::problem_with(call, in.error(), deps.sign_up_guard->challenge(call.now()));
}

}  // namespace

FeatureEntry entry() {
  return {.make = [](const Host& host) {
    return feature({.authn = host.authn, .pages = host.pages, .front_ends = host.front_ends});
  }};
}

Feature feature(const Deps& deps) {
  Feature feature{.name = "signup"};
  feature.routes = page_routes(deps);
  http::Routes api{http::api_surface(), feature.routes, &tag};
  api.post("/v1/signup", http::Lane::heavy, anyone,
           [&authn = deps.authn](const http::Call& call) { return post(authn, call); },
           {.summary = "Create an account and sign in.",
            .request = &wire::schema<Body>,
            .bounds = {{.member = "name", .max = identity::longest_name},
                       {.member = "uid", .max = identity::longest_uid, .pattern = "^[^@]*$"},
                       {.member = "password",
                        .min = deps.authn.password.min_length,
                        .max = deps.authn.password.max_length}},
            .response = &wire::schema<authn::SignInView>,
            .status = 201,
            .errors = {&validation_failed, &throttle::rate_limited, &authn::signup_closed, &authn::invitation_required,
                       &authn::invitation_not_valid, &authn::mfa_enrolment_required, &authn::signup_proof_required,
                       &authn::signup_proof_not_valid}})
      .takes_idempotency_key = true;
  feature.errors = {&validation_failed,
                    &throttle::rate_limited,
                    &authn::signup_closed,
                    &authn::invitation_required,
                    &authn::invitation_not_valid,
                    &authn::signup_proof_required,
                    &authn::signup_proof_not_valid};
  return feature;
}

}  // namespace cardea::signup
