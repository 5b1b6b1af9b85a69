#include "authn/authn.hpp"

namespace cardea::authn {

wire::Object access_token(const Deps& deps, const session::Session& session, Time now) {
  const Time ends = std::min(now + deps.token.access_lifetime, session.expires_at);
  const std::string token = deps.tokens.issue(
      token::Kind::access, {.subject = session.account, .session = session.id, .issued_at = now, .expires_at = ends});
  return {{"access_token", token}, {"token_type", "Bearer"}, {"expires_in", to_seconds(ends) - to_seconds(now)}};
}

wire::Object to_wire(const session::Session& session, const SessionId& current) {
  return {{"id", session.id.text()},
          {"current", session.id == current},
          {"created_at", rfc3339(session.created_at)},
          {"authenticated_at", rfc3339(session.authenticated_at)},
          {"last_seen_at", rfc3339(session.last_seen_at)},
          {"expires_at", rfc3339(std::min(session.idle_until, session.expires_at))},
          {"user_agent", session.user_agent},
          {"address", session.address}};
}

http::Response welcome(const Deps& deps, const http::Call& call, const Admitted& admitted, int status) {
  const auto& session = admitted.session.session;
  wire::Object body{{"state", "complete"},
                    {"user", identity::to_wire(admitted.account, deps.identity, identity::Viewer::self)},
                    {"session", to_wire(session, session.id)}};
  for (auto& member : access_token(deps, session, call.now)) body.push_back(std::move(member));
  http::Response response = http::json(status, wire::to_json(std::move(body)));
  set_cookies(response, deps, admitted);
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
