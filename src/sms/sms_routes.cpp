#include "authn/credentials.hpp"
#include "authn/credentials_answer.hpp"
#include "http/problem.hpp"
#include "sms/sms.hpp"

namespace cardea::sms {

struct StateView {
  static constexpr std::string_view schema_name = "SmsState";
  static constexpr std::string_view schema_example =
      R"({"enrolled":true,"enrolled_at":"2026-11-23T12:00:00.000Z","number":"•••• 78","available":true})";
  bool enrolled = false;
  std::optional<Time> enrolled_at;
  std::string number;
  bool available = false;
};
template <class D>
void describe(D& d, wire::Of<D, StateView>& state) {
  d.required("enrolled", state.enrolled);
  d.required("enrolled_at", state.enrolled_at, {.doc = "Null when there is none."});
  d.required("number", state.number,
             {.max = wire::unlimited, .doc = "The end of the number; empty when there is none."});
  d.required("available", state.available, {.doc = "Whether this server sends text messages."});
}

struct NumberBody {
  static constexpr std::string_view schema_name = "SmsNumber";
  static constexpr std::string_view schema_example = R"({"number":"+4915112345678"})";
  std::string number;
};
template <class D>
void describe(D& d, wire::Of<D, NumberBody>& body) {
  d.required(
      "number", body.number,
      {.max = 64, .doc = "With a plus and the country's calling code (E.164); spaces and hyphens do not count."});
}

struct CodeBody {
  static constexpr std::string_view schema_name = "SmsConfirmation";
  static constexpr std::string_view schema_example = R"({"code":"482913"})";
  Secret code;
};
template <class D>
void describe(D& d, wire::Of<D, CodeBody>& body) {
  d.required("code", body.code, {.max = 64, .doc = "Of the message; spaces do not count."});
}

struct SentView {
  static constexpr std::string_view schema_name = "SmsSent";
  static constexpr std::string_view schema_example = R"({"sent_to":"•••• 78","expires_at":"2026-11-23T12:10:00.000Z"})";
  std::string sent_to;
  Time expires_at;
};
template <class D>
void describe(D& d, wire::Of<D, SentView>& sent) {
  d.required("sent_to", sent.sent_to, {.max = wire::unlimited, .doc = "The end of the number."});
  d.required("expires_at", sent.expires_at, {.doc = "Until when the code is good."});
}

namespace {

constexpr http::Tag tag{"Second factors", "What somebody shows besides the password."};

http::Response accepted(const Sent& sent) {
  return http::json(SentView{.sent_to = sent.to, .expires_at = sent.expires_at}, 202);
}

Result<http::Response> get_state(const Deps& deps, const http::Call& call) {
  const auto now = deps.authn.database.read([&](db::Tx& tx) { return find_state(deps, tx, call.account()); });
  return http::json(StateView{
      .enrolled = now.is_enrolled, .enrolled_at = now.since, .number = now.number, .available = deps.is_on()});
}

Result<http::Response> post_start(const Deps& deps, const http::Call& call) {
  const auto body = TRY(wire::read<NumberBody>(call.request.body));
  return accepted(TRY(start(deps, call.context, deps.pages.words(call), body.number)));
}

Result<http::Response> post_confirm(const Deps& deps, const http::Call& call) {
  const auto body = TRY(wire::read<CodeBody>(call.request.body));
  const auto in = TRY(confirm(deps, call.context, authn::browser_of(deps.authn, call), body.code));
  return authn::welcome(deps.authn, call, in, 200);
}

Result<http::Response> del(const Deps& deps, const http::Call& call) {
  TRY(authn::remove_factor(deps.authn, call.context, AuthMethod::sms_code));
  return http::no_content();
}

Result<http::Response> post_send(const Deps& deps, const http::Call& call) {
  const auto words = deps.pages.words(call);
  const std::string token = authn::signin_token(call);
  if (token.empty() && call.is_signed_in()) return accepted(TRY(send_in_session(deps, call.context, words)));
  return accepted(TRY(send_in_sign_in(deps, call.context, words, token)));
}

}  // namespace

std::vector<http::Route> api_routes(std::shared_ptr<const Deps> deps) {
  using http::Lane;
  std::vector<http::Route> routes;
  http::Routes api{http::api_surface(), routes, &tag};
  const auto recent = shown_within(deps->authn.session.recent);
  const auto with = [deps](Result<http::Response> (*handler)(const Deps&, const http::Call&)) {
    return [deps, handler](const http::Call& call) { return handler(*deps, call); };
  };
  api.get("/v1/me/sms", Lane::quick, signed_in, with(get_state),
          {.summary = "Whether the caller has a telephone number for codes.", .response = &wire::schema<StateView>});
  api.post(
      "/v1/me/sms", Lane::quick, recent, with(post_start),
      {.summary = "Send a code to a number that is to be enrolled. Nothing changes until it is confirmed.",
       .request = &wire::schema<NumberBody>,
       .response = &wire::schema<SentView>,
       .status = 202,
       .errors = {&http::reauth_required, &authn::mfa_off, &not_set_up, &throttle::rate_limited, &validation_failed}});
  api.post("/v1/me/sms/confirm", Lane::quick, signed_in, with(post_confirm),
           {.summary = "Enrol the number by its code, in place of an older one. Ends every other session; the answer "
                       "holds a new one.",
            .request = &wire::schema<CodeBody>,
            .response = &wire::schema<authn::SignedInView>,
            .errors = {&authn::mfa_off, &not_started, &authn::invalid_code, &validation_failed}});
  api.del("/v1/me/sms", Lane::quick, recent, with(del),
          {.summary = "Remove the number. Ends every other session; recovery codes go with the last factor.",
           .status = 204,
           .errors = {&http::reauth_required, &authn::last_factor, &not_found}});
  api.post(
      "/v1/sms/send", Lane::quick, if_signed_in, with(post_send),
      {.summary = "Send a code for the sign-in that was answered with mfa_required, or else for a session that has "
                  "to show it again. It goes to POST /v1/signin/sms_code, or to POST /v1/reauth.",
       .response = &wire::schema<SentView>,
       .status = 202,
       .errors = {&authn::signin_expired, &not_found, &not_set_up, &unreachable, &throttle::rate_limited}});
  return routes;
}

}  // namespace cardea::sms
