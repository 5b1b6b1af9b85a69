#include "device_session/device_session.hpp"
#include "device_session/proof.hpp"
#include "http/origin.hpp"
#include "http/problem.hpp"

namespace cardea::device_session {

/// Which requests a browser has the key shown for (the draft's "JSON Session Instruction Format").
struct ScopeRule {
  std::string type;
  std::string domain;
  std::string path;
};
template <class D>
void describe(D& d, wire::Of<D, ScopeRule>& rule) {
  d.required("type", rule.type, {.max = wire::unlimited, .doc = "exclude"});
  d.required("domain", rule.domain, {.max = wire::unlimited});
  d.required("path", rule.path, {.max = wire::unlimited});
}

struct Scope {
  std::string origin;
  bool include_site = false;
  std::vector<ScopeRule> scope_specification;
};
template <class D>
void describe(D& d, wire::Of<D, Scope>& scope) {
  d.required("origin", scope.origin, {.max = wire::unlimited});
  d.required("include_site", scope.include_site);
  d.required("scope_specification", scope.scope_specification, {.max = wire::unlimited});
}

struct BoundCookie {
  std::string type = "cookie";
  std::string name;
  std::string attributes;
};
template <class D>
void describe(D& d, wire::Of<D, BoundCookie>& cookie) {
  d.required("type", cookie.type, {.max = wire::unlimited});
  d.required("name", cookie.name, {.max = wire::unlimited});
  d.required("attributes", cookie.attributes, {.max = wire::unlimited});
}

struct Instructions {
  static constexpr std::string_view schema_name = "DeviceSession";
  static constexpr std::string_view schema_example =
      R"({"session_identifier":"dev_01K2V7F3T4Q9M6W8X5Y0Z1A2B4","refresh_url":"/v1/session/device/refresh",)"
      R"("scope":{"origin":"https://auth.example.com","include_site":false,"scope_specification":[)"
      R"({"type":"exclude","domain":"*","path":"/assets"}]},"credentials":[{"type":"cookie",)"
      R"("name":"__Host-cardea-bound","attributes":"Path=/; Secure; HttpOnly; SameSite=Lax"}],)"
      R"("allowed_refresh_initiators":["*"]})";
  std::string session_identifier;
  std::string refresh_url;
  Scope scope;
  std::vector<BoundCookie> credentials;
  std::vector<std::string> allowed_refresh_initiators;
};
template <class D>
void describe(D& d, wire::Of<D, Instructions>& instructions) {
  d.required("session_identifier", instructions.session_identifier,
             {.max = wire::unlimited, .doc = "Stays the same when the session is replaced in the same browser."});
  d.required("refresh_url", instructions.refresh_url, {.max = wire::unlimited});
  d.required("scope", instructions.scope);
  d.required("credentials", instructions.credentials, {.max = wire::unlimited});
  d.required("allowed_refresh_initiators", instructions.allowed_refresh_initiators,
             {.max = wire::unlimited,
              .doc = "Anybody: a page that is opened by a link of another site needs the cookie too."});
}

namespace {

constexpr http::Tag tag{"Signing in", "Accounts are made, and sessions begin and end."};
constexpr std::string_view bind_path = "/v1/session/device";
constexpr std::string_view refresh_path = "/v1/session/device/refresh";
constexpr std::string_view proof_header = "Secure-Session-Response";
constexpr std::size_t body_limit = 1024;  // of which nothing is read

/// Browsers send these requests by themselves and on behalf of whatever page caused them. They carry a signature, and
/// no credential that a browser sends by itself is looked at.
const http::Surface& surface() {
  static const http::Surface surface{.name = "device",
                                     .cross_site = http::CrossSite::open,
                                     .write_error = &http::write_problem,
                                     .status_of = &http::own_status,
                                     .unknown_parameters = http::UnknownParameters::refused};
  return surface;
}

/// "Path=/; Secure; HttpOnly; SameSite=Lax": what follows name and value.
std::string attributes_of(const Deps& deps) {
  const auto whole = http::set_cookie(cookie_name, "", {.same_site = deps.authn.same_site});
  return whole.substr(whole.find("; ") + 2);
}

Instructions instructions_for(const Deps& deps, const session::BindingId& binding) {
  return {.session_identifier = binding.text(),
          .refresh_url = std::string{refresh_path},
          .scope = {.origin = deps.url, .scope_specification = {{"exclude", "*", "/assets"}}},
          .credentials = {{.name = std::string{cookie_name}, .attributes = attributes_of(deps)}},
          .allowed_refresh_initiators = {"*"}};
}

http::Response keep(const Deps& deps, const session::Binding& binding, Time now) {
  auto response = http::json(instructions_for(deps, binding.id));
  const auto lifetime = std::chrono::duration_cast<std::chrono::seconds>(cookie_lifetime - cookie_margin);
  response.headers.add("Set-Cookie", http::set_cookie(cookie_name, cookie_of(deps, binding.id, now),
                                                      {.max_age = lifetime, .same_site = deps.authn.same_site}));
  return response;
}

/// 403 is what makes a browser answer the challenge; any other refusal ends what it knows of the session.
http::Response ask(const http::Call& call, const session::BindingId& binding, const Challenged& asked) {
  auto response = http::problem(call, challenged, challenged.status);
  response.headers.add("Secure-Session-Challenge", "\"" + asked.challenge + "\";id=\"" + binding.text() + "\"");
  return response;
}

Result<http::Response> post_device(const Deps& deps, const http::Call& call) {
  const auto binding = TRY(bind(deps, call.context, call.request.headers.get(proof_header)));
  return keep(deps, binding, call.now());
}

Result<http::Response> post_refresh(const Deps& deps, const http::Call& call) {
  const auto& headers = call.request.headers;
  const auto binding = session::BindingId::parse(string_item(headers.get("Sec-Secure-Session-Id")));
  if (!binding) return http::malformed_request;
  if (!headers.has(proof_header)) return ask(call, *binding, challenge(deps, *binding, call.now()));
  const auto outcome = TRY(refresh(deps, call.context, *binding, headers.get(proof_header)));
  if (const auto* asked = std::get_if<Challenged>(&outcome)) return ask(call, *binding, *asked);
  return keep(deps, std::get<session::Binding>(outcome), call.now());
}

}  // namespace

authn::DeviceBinding device_binding(std::shared_ptr<const Deps> deps) {
  const auto offer = [deps](http::Response& response, const session::Session& session, Time now) {
    const auto challenge = deps->stamps.make(Purpose::registration, {.of = session.id.raw(), .at = now});
    response.headers.add("Secure-Session-Registration",
                         "(ES256 RS256);path=\"" + std::string{bind_path} + "\";challenge=\"" + challenge + "\"");
  };
  return {.offer = offer,
          .cookie = cookie_name,
          .shown_at = [deps](std::string_view cookie, const session::Binding& binding,
                             Time now) { return shown_at(*deps, cookie, binding, now); },
          .renewal = http::set_cookie(cookie_name, "",
                                      {.max_age = std::chrono::seconds{0}, .same_site = deps->authn.same_site})};
}

std::vector<http::Route> routes(std::shared_ptr<const Deps> deps) {
  std::vector<http::Route> routes;
  http::Routes api{surface(), routes, &tag};
  api.post(bind_path, http::Lane::quick, anyone, [deps](const http::Call& call) { return post_device(*deps, call); },
           {.summary = "Bind the session that has just begun to a key of the device. Browsers send this by themselves "
                       "when a sign-in offers it by Secure-Session-Registration, with the proof in "
                       "Secure-Session-Response (W3C Device Bound Session Credentials).",
            .response = &wire::schema<Instructions>,
            .errors = {&not_valid}})
      .body_limit = body_limit;
  api.post(refresh_path, http::Lane::quick, anyone,
           [deps](const http::Call& call) { return post_refresh(*deps, call); },
           {.summary = "Show the key of a bound session again. Browsers send this by themselves, with the session in "
                       "Sec-Secure-Session-Id: at first without a proof, and then with one of the challenge in "
                       "Secure-Session-Challenge.",
            .response = &wire::schema<Instructions>,
            .errors = {&not_valid, &challenged, &http::malformed_request}})
      .body_limit = body_limit;
  return routes;
}

}  // namespace cardea::device_session
