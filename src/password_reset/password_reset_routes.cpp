#include "http/problem.hpp"
#include "password_reset/recovery.hpp"

namespace cardea::password_reset {

struct WishBody {
  static constexpr std::string_view schema_name = "Recovery";
  static constexpr std::string_view schema_example = R"({"uid":"carol@example.com"})";
  std::string uid;
};
template <class D>
void describe(D& d, wire::Of<D, WishBody>& body) {
  d.required("uid", body.uid, {.min = 1, .max = longest_identifier, .doc = "User id or e-mail address."});
}

struct CompleteBody {
  static constexpr std::string_view schema_name = "RecoveryCompletion";
  static constexpr std::string_view schema_example =
      R"({"link":"6Zt5nqv1rB0w0m8m3c1iYcY1v2vQ3o5o9mJx0b3r7Xk","password":"seven quiet orange boats"})";
  std::string link;
  Secret password;
  std::optional<Secret> password_confirm;
};
template <class D>
void describe(D& d, wire::Of<D, CompleteBody>& body) {
  d.required("link", body.link, {.max = 200, .doc = "The secret of the link: its query parameter `link`."});
  d.required("password", body.password, {.max = 100'000, .format = "password"});
  d.optional("password_confirm", body.password_confirm,
             {.max = 100'000, .doc = "The same again, when sent.", .format = "password"});
}

namespace {

constexpr http::Tag tag{"Signing in", "Accounts are made, and sessions begin and end."};

Result<http::Response> post_wish(const Deps& deps, const http::Call& call) {
  const auto body = TRY(wire::read<WishBody>(call.request.body));
  const auto* language = deps.pages.language_asked_for(call.request);
  TRY(ask(deps, call.context, body.uid, language == nullptr ? std::string_view{} : language->tag));
  return http::no_content();
}

Result<http::Response> post_complete(const Deps& deps, const http::Call& call) {
  auto body = TRY(wire::read<CompleteBody>(call.request.body));
  TRY(set_password(deps, call.context,
                   {.token = std::move(body.link),
                    .password = std::move(body.password),
                    .confirmation = std::move(body.password_confirm)}));
  return http::no_content();
}

}  // namespace

std::vector<http::Route> api_routes(const Deps& deps) {
  using http::Lane;
  std::vector<http::Route> routes;
  http::Routes api{http::api_surface(), routes, &tag};
  api.post(
      "/v1/recover", Lane::quick, anyone, [deps](const http::Call& call) { return post_wish(deps, call); },
      {.summary = "Ask for a link to set a new password. It goes to the confirmed e-mail address of the account, if "
                  "there is one; the answer is the same when there is none.",
       .request = &wire::schema<WishBody>,
       .status = 204,
       .errors = {&throttle::rate_limited, &validation_failed, &mail::not_set_up}});
  api.post(
      "/v1/recover/complete", Lane::heavy, anyone, [deps](const http::Call& call) { return post_complete(deps, call); },
      {.summary = "Set a new password by the link. Ends every session; what else a sign-in asks for is still asked.",
       .request = &wire::schema<CompleteBody>,
       .bounds = {{.member = "password", .min = deps.authn.password.min_length, .max = deps.authn.password.max_length}},
       .status = 204,
       .errors = {&challenge::not_valid, &validation_failed, &throttle::rate_limited}});
  return routes;
}

}  // namespace cardea::password_reset
