#include "classic/classic.hpp"

namespace cardea::classic {
namespace {

Result<http::Response> authenticate(const entry::Deps& deps, const http::Call& call) {
  const auto body = TRY(read_object(call));
  const auto uid = text_of(body, "uid");
  const Secret password{text_of(body, "password")};
  if (uid.empty() || password.empty()) return credentials_missing;
  const auto admitted = entry::sign_in(deps, call, uid, password, entry::classic_lifetime);
  if (!admitted && admitted.error().is(entry::invalid_credentials)) return credentials_wrong;
  if (!admitted) return admitted.error();

  const auto& account = admitted->account;
  const auto name = account.uid.value_or(account.email.value_or(""));
  const std::string jwt = deps.tokens.issue(token::Kind::classic, {.subject = account.id,
                                                                   .session = admitted->session.session.id,
                                                                   .issued_at = call.now,
                                                                   .expires_at = call.now + entry::classic_lifetime,
                                                                   .uid = name});
  auto response = http::json(
      200, wire::to_json(wire::Object{
               {"message", "Authentication for " + name + " successful"},
               {"data", wire::Object{{"jwt", jwt},
                                     {"user", wire::Object{{"name", account.name}, {"id", account.id.text()}}}}}}));
  response.headers.add("Set-Cookie",
                       http::set_cookie(entry::classic_cookie, jwt,
                                        {.max_age = entry::classic_lifetime, .same_site = deps.cookie.policy()}));
  if (admitted->device) entry::set_device_cookie(response, deps, *admitted->device);
  return response;
}

wire::Schema authenticated_schema() {
  const wire::Object text{{"type", "string"}};
  const wire::Object user{{"type", "object"}, {"properties", wire::Object{{"name", text}, {"id", text}}}};
  return wire::Object{
      {"type", "object"},
      {"properties", wire::Object{{"message", text},
                                  {"data", wire::Object{{"type", "object"},
                                                        {"properties", wire::Object{{"jwt", text}, {"user", user}}}}}}},
      {"required", wire::Array{"message", "data"}}};
}

}  // namespace

std::vector<http::Route> sign_in_routes(const Deps& deps) {
  std::vector<http::Route> routes;
  http::Routes classic{http::Style::classic, routes};
  classic.post("/api/users/authenticate", http::Lane::heavy, http::Access::anyone,
               [&entry = deps.entry](const http::Call& call) { return authenticate(entry, call); },
               {.summary = "Sign in: the token in the body and in the cookie `jwt`.",
                .response = &authenticated_schema,
                .errors = {&credentials_missing, &credentials_wrong, &throttle::rate_limited}});
  return routes;
}

}  // namespace cardea::classic
