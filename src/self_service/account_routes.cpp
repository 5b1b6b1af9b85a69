#include "authn/credentials.hpp"
#include "authn/credentials_answer.hpp"
#include "http/problem.hpp"
#include "self_service/self_service.hpp"

namespace cardea::self_service {

// A null name or user id is a wish too, and refused: to the rules it is an empty one.
struct Profile {
  static constexpr std::string_view schema_name = "ProfilePatch";
  static constexpr std::string_view schema_example = R"({"name":"Carol B."})";
  wire::Patch<std::string> name;
  wire::Patch<std::string> uid;
  wire::Patch<std::string> email;
  wire::Object fields;
};
template <class D>
void describe(D& d, wire::Of<D, Profile>& body) {
  d.optional("name", body.name, {.max = 400, .doc = "Display name."});
  d.optional("uid", body.uid, {.max = 400, .doc = "Cannot be changed; sending it is an error."});
  d.optional(
      "email", body.email,
      {.max = 320, .doc = "New address, or null to remove it. Needs recent authentication and the session cookie."});
  d.rest(body.fields, "A declared profile field.");
}

struct NewPassword {
  static constexpr std::string_view schema_name = "PasswordChange";
  static constexpr std::string_view schema_example =
      R"({"current_password":"a river of nine lanterns","password":"seven quiet orange boats"})";
  std::optional<Secret> current_password;
  Secret password;
  std::optional<Secret> password_confirm;
};
template <class D>
void describe(D& d, wire::Of<D, NewPassword>& body) {
  d.optional("current_password", body.current_password,
             {.max = 100'000, .doc = "Absent only where the account has none.", .format = "password"});
  d.required("password", body.password, {.max = 100'000, .format = "password"});
  d.optional("password_confirm", body.password_confirm, {.max = 100'000, .format = "password"});
}

struct SessionList {
  static constexpr std::string_view schema_name = "SessionList";
  static constexpr std::string_view schema_example =
      R"({"data":[{"id":"ses_01K2V7F3T4Q9M6W8X5Y0Z1A2B4","current":true,)"
      R"("created_at":"2026-11-23T12:00:00.000Z","authenticated_at":"2026-11-23T12:00:00.000Z",)"
      R"("last_seen_at":"2026-11-23T12:00:00.000Z","expires_at":"2026-12-07T12:00:00.000Z",)"
      R"("user_agent":"curl/7.88.1","address":"192.0.2.7",)"
      R"("methods":["password"],"device_bound":false}]})";
  std::vector<authn::SessionView> data;
};
template <class D>
void describe(D& d, wire::Of<D, SessionList>& list) {
  d.required("data", list.data, {.max = wire::unlimited, .doc = "Most recently used first."});
}

struct Revoked {
  static constexpr std::string_view schema_name = "Revoked";
  static constexpr std::string_view schema_example = R"({"revoked":2})";
  std::int64_t revoked = 0;
};
template <class D>
void describe(D& d, wire::Of<D, Revoked>& body) {
  d.required("revoked", body.revoked, {.doc = "How many sessions were ended."});
}

namespace {

constexpr http::Tag tag{"Oneself", "The account of the caller, its password and its sessions."};

Result<http::Response> answer_with(const authn::Deps& deps, const identity::Account& account) {
  return http::json(identity::view(account, deps.identity, identity::Viewer::self));
}

// If-Match names what GET /v1/me answers with.
account::Condition condition_of(const authn::Deps& deps, const http::Call& call) {
  return [&](const identity::Account& account) {
    return call.check_condition(wire::write(identity::view(account, deps.identity, identity::Viewer::self)));
  };
}

Result<http::Response> patch_me(const authn::Deps& deps, const http::Call& call) {
  std::vector<FieldError> unread;
  auto body = TRY(wire::read<Profile>(call.request.body, unread));
  const identity::Submitted submitted{.name = body.name.or_empty(),
                                      .uid = body.uid.or_empty(),
                                      .email = body.email.or_empty(),
                                      .profile = std::move(body.fields),
                                      .unread = std::move(unread)};
  return answer_with(deps,
                     TRY(account::change_own_profile(deps.account, call.context, submitted, condition_of(deps, call))));
}

Result<http::Response> post_password(const authn::Deps& deps, const http::Call& call) {
  auto body = TRY(wire::read<NewPassword>(call.request.body));
  const auto in = TRY(authn::change_password(deps, call.context, authn::browser_of(deps, call),
                                             {.current = std::move(body.current_password),
                                              .password = std::move(body.password),
                                              .confirmation = std::move(body.password_confirm)}));
  return authn::welcome(deps, call, in, 200);
}

Result<http::Response> list_sessions(const authn::Deps& deps, const http::Call& call) {
  SessionList sessions;
  for (const auto& session :
       deps.database.read([&](db::Tx& tx) { return session::list(tx, call.account(), call.now()); })) {
    sessions.data.push_back(authn::view(session, call.session()));
  }
  return http::json(sessions);
}

Result<http::Response> get_session(const authn::Deps& deps, const http::Call& call) {
  const auto id = SessionId::parse(call.param(0));
  if (!id) return not_found;
  const auto session = deps.database.read([&](db::Tx& tx) { return session::find(tx, *id, call.now()); });
  if (!session || session->account != call.account()) return not_found;
  return http::json(authn::view(*session, call.session()));
}

Result<http::Response> delete_sessions(const authn::Deps& deps, const http::Call& call) {
  TRY(account::end_sessions(deps.account, call.context, call.account()));
  auto response = http::no_content();
  authn::clear_cookies(response, deps, call);
  return response;
}

Result<http::Response> delete_session(const authn::Deps& deps, const http::Call& call) {
  const auto id = SessionId::parse(call.param(0));
  if (!id) return not_found;
  TRY(account::end_session(deps.account, call.context, call.account(), *id));
  auto response = http::no_content();
  if (*id == call.session()) authn::clear_cookies(response, deps, call);
  return response;
}

void add_session_routes(http::Routes& api, const authn::Deps& deps) {
  using http::Lane;
  api.get("/v1/me/sessions", Lane::quick, signed_in,
          [&deps](const http::Call& call) { return list_sessions(deps, call); },
          {.summary = "The caller's live sessions, most recently used first.", .response = &wire::schema<SessionList>});
  api.del("/v1/me/sessions", Lane::quick, signed_in,
          [&deps](const http::Call& call) { return delete_sessions(deps, call); },
          {.summary = "End every session of the caller, this one too.", .status = 204});
  api.get("/v1/me/sessions/{id}", Lane::quick, signed_in,
          [&deps](const http::Call& call) { return get_session(deps, call); },
          {.summary = "One of the caller's live sessions.",
           .params = {http::schema_of<SessionId>()},
           .response = &wire::schema<authn::SessionView>,
           .errors = {&not_found}});
  api.del("/v1/me/sessions/{id}", Lane::quick, signed_in,
          [&deps](const http::Call& call) { return delete_session(deps, call); },
          {.summary = "End one of the caller's sessions.",
           .params = {http::schema_of<SessionId>()},
           .status = 204,
           .errors = {&not_found}});
  api.post("/v1/me/sessions/revoke-others", Lane::quick, signed_in,
           [&deps](const http::Call& call) -> Result<http::Response> {
             return http::json(Revoked{TRY(account::end_other_sessions(deps.account, call.context))});
           },
           {.summary = "End every session of the caller but this one.", .response = &wire::schema<Revoked>});
}

}  // namespace

std::vector<http::Route> api_routes(const authn::Deps& deps) {
  using http::Lane;
  std::vector<http::Route> routes;
  http::Routes api{http::api_surface(), routes, &tag};
  api.get("/v1/me", Lane::quick, or_token(signed_in),
          [&deps](const http::Call& call) -> Result<http::Response> {
            return answer_with(deps, TRY(account::own(deps.account, call.context)));
          },
          {.summary = "The account of the caller.", .response = &wire::schema<identity::AccountView>})
      .has_etag = true;
  api.patch("/v1/me", Lane::quick, or_token(signed_in),
            [&deps](const http::Call& call) { return patch_me(deps, call); },
            {.summary = "Change the profile; members left out stay as they are.",
             .request = &wire::schema<Profile>,
             .bounds = {{.member = "name", .max = identity::longest_name}},
             .response = &wire::schema<identity::AccountView>,
             .errors = {&validation_failed, &http::reauth_required, &http::session_cookie_required,
                        &throttle::rate_limited}})
      .has_etag = true;
  api.del("/v1/me", Lane::quick, shown_within(deps.session.recent),
          [&deps](const http::Call& call) -> Result<http::Response> {
            TRY(delete_own(deps, call.context, condition_of(deps, call)));
            auto response = http::no_content();
            authn::clear_cookies(response, deps, call);
            return response;
          },
          {.summary = "Delete the account and everything that belongs to it: it is closed at once, and erased when "
                      "account.deletion_grace is over, unless its owner signs in and keeps it.",
           .status = 204,
           .errors = {&http::reauth_required}})
      .has_etag = true;
  api.post("/v1/me/password", Lane::heavy, signed_in,
           [&deps](const http::Call& call) { return post_password(deps, call); },
           {.summary = "Change the password, or set the first. Ends every session; the answer holds a new one.",
            .request = &wire::schema<NewPassword>,
            .bounds = {{.member = "password", .min = deps.password.min_length, .max = deps.password.max_length}},
            .response = &wire::schema<authn::SignedInView>,
            .errors = {&validation_failed, &throttle::rate_limited, &http::reauth_required}});
  api.del("/v1/me/password", Lane::quick, shown_within(deps.session.recent),
          [&deps](const http::Call& call) -> Result<http::Response> {
            TRY(authn::remove_password(deps, call.context));
            return http::no_content();
          },
          {.summary = "Take the password away, of an account that is signed in to by something better. Ends every "
                      "other session.",
           .status = 204,
           .errors = {&http::reauth_required, &authn::no_other_way_in, &not_found}});
  add_session_routes(api, deps);
  return routes;
}

}  // namespace cardea::self_service
