#include "authn/answer.hpp"
#include "http/problem.hpp"

#include "authn/credentials.hpp"

namespace cardea::authn {

wire::Object access_token(const Deps& deps, const session::Session& session, Time now) {
  const Time ends = std::min(now + deps.token.access_lifetime, session.expires_at);
  const std::string token = deps.tokens.issue(cardea::access_token, {.subject = session.account,
                                                                     .session = session.id,
                                                                     .issued_at = now,
                                                                     .expires_at = ends,
                                                                     .assurance = session.assurance});
  return {{"access_token", token}, {"token_type", "Bearer"}, {"expires_in", to_seconds(ends) - to_seconds(now)}};
}

wire::Object to_wire(const session::Session& session, const SessionId& current) {
  return {{"id", session.id.text()},
          {"current", session.id == current},
          {"created_at", rfc3339(session.created_at)},
          {"authenticated_at", rfc3339(session.assurance.shown_at(Level::aal1).value_or(session.created_at))},
          {"last_seen_at", rfc3339(session.last_seen_at)},
          {"expires_at", rfc3339(std::min(session.idle_until, session.expires_at))},
          {"user_agent", session.user_agent},
          {"address", session.address}};
}

http::Response welcome(const Deps& deps, const http::Call& call, const SignedIn& in, int status) {
  const auto& session = in.session.session;
  wire::Object body{{"state", "complete"},
                    {"user", identity::to_wire(in.account, deps.identity, identity::Viewer::self)},
                    {"session", to_wire(session, session.id)}};
  for (auto& member : access_token(deps, session, call.now())) body.push_back(std::move(member));
  http::Response response = http::json(status, wire::to_json(std::move(body)));
  set_cookies(response, deps, call, in);
  return response;
}

http::Response answer(const Deps& deps, const http::Call& call, const SignIn& outcome) {
  if (const auto* in = std::get_if<SignedIn>(&outcome)) return welcome(deps, call, *in, 200);
  const auto& pending = std::get<Pending>(outcome);
  wire::Array methods;
  for (const AuthMethod method : pending.methods) methods.emplace_back(enum_text(method));
  http::Response response = http::json(200, wire::to_json(wire::Object{{"state", "mfa_required"},
                                                                       {"methods", std::move(methods)},
                                                                       {"expires_at", rfc3339(pending.expires_at)}}));
  set_signin_cookie(response, pending, call.now());
  return response;
}

wire::Schema welcome_schema() {
  const auto text = [](const char* doc) { return wire::Object{{"type", "string"}, {"description", doc}}; };
  return wire::Object{
      {"type", "object"},
      {"properties", wire::Object{{"state", text("complete.")},
                                  {"user", identity::account_schema()},
                                  {"session", wire::Object{{"type", "object"}}},
                                  {"access_token", text("A JWT for Authorization: Bearer; dies with the session.")},
                                  {"token_type", text("Bearer.")},
                                  {"expires_in", wire::Object{{"type", "integer"}, {"description", "Seconds."}}}}},
      {"required", wire::Array{"state", "user", "session", "access_token", "token_type", "expires_in"}}};
}

}  // namespace cardea::authn
