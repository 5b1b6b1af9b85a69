#include <algorithm>
#include <array>

#include "encoding/form.hpp"
#include "forward_auth/handoff_routes.hpp"
#include "http/origin.hpp"
#include "http/problem.hpp"

namespace cardea::forward_auth {

/// What an application is told, for those who ask without a proxy.
struct Admitted {
  static constexpr std::string_view schema_name = "ForwardAuth";
  static constexpr std::string_view schema_example = R"({"user":"carol","name":"Carol","email":"","role":"user"})";
  std::string user;
  std::string name;
  std::string email;
  Role role;
};
template <class D>
void describe(D& d, wire::Of<D, Admitted>& told) {
  d.required("user", told.user, {.max = wire::unlimited, .doc = "The user id; the account's id where there is none."});
  d.required("name", told.name, {.max = identity::longest_name});
  d.required("email", told.email, {.max = 320, .doc = "Empty unless it may be told."});
  d.required("role", told.role);
}

/// Who may pass.
struct Rule {
  std::optional<std::string> require;
};
template <class D>
void describe(D& d, wire::Of<D, Rule>& rule) {
  d.optional("require", rule.require, {.max = 100, .doc = "`role:` and the name of a role, which owners always have."});
}

/// Where a browser could not be sent back to.
struct Failed {
  std::optional<std::string> to;
};
template <class D>
void describe(D& d, wire::Of<D, Failed>& failed) {
  d.optional("to", failed.to, {.max = 2000});
}

namespace {

constexpr ErrorKind unclear{"forward_auth.unclear", 400,
                            "The proxy has to send X-Forwarded-Proto, X-Forwarded-Host and X-Forwarded-Uri."};
constexpr ErrorKind unknown_rule{"forward_auth.unknown_rule", 400, "Use require=role:NAME, with the name of a role."};
constexpr TokenType assertion{.typ = "cardea-assertion+jwt"};
constexpr std::chrono::seconds assertion_lifetime{60};

constexpr http::Tag tag{"Forward auth", "A reverse proxy asks who is there."};
constexpr std::array cookie_alone{session_cookie};

// A bearer token is the application's affair, so none is looked at.
const http::Surface& surface() {
  static const http::Surface surface{.name = "forward-auth",
                                     .credentials = cookie_alone,
                                     .write_error = &http::write_problem,
                                     .status_of = &http::own_status,
                                     .unknown_parameters = http::UnknownParameters::refused,
                                     .tag = &tag};
  return surface;
}

/// The role that is asked for; absent: any. Errors: forward_auth.unknown_rule, so that a rule with a slip in it lets
/// nobody in.
Result<std::optional<Role>> read_rule(const http::Call& call) {
  constexpr std::string_view prefix = "role:";
  const auto rule = TRY(call.query<Rule>()).require;
  if (!rule) return std::optional<Role>{};
  if (!rule->starts_with(prefix)) return unknown_rule;
  const auto role = parse_enum<Role>(std::string_view{*rule}.substr(prefix.size()));
  if (!role) return unknown_rule;
  return role;
}

/// Every rule there is, for the OpenAPI document.
std::vector<std::string> rules() {
  std::vector<std::string> all;
  for (const auto& each : enum_texts(Role{})) all.push_back("role:" + std::string{each.text});
  return all;
}

bool meets(const std::optional<Role>& rule, Role role) { return !rule || role == *rule || role == Role::owner; }

/// As a header can carry it: UTF-8, without what would end the line.
std::string field_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) out += c;
  }
  return out;
}

/// Every header is there for everybody, if need be empty: a proxy replaces what the client itself may have sent.
Result<http::Response> let_in(const Deps& deps, const http::Call& call, const AppHost& host,
                              const authn::Holder& holder) {
  const auto& account = holder.account;
  const Admitted told{.user = account.uid.value_or(account.id.text()),
                      .name = account.name,
                      .email = deps.settings.unverified_email ? account.email.value_or("") : std::string{},
                      .role = account.role};
  const std::string role{enum_text(told.role)};
  auto response = http::json(told);
  response.headers.add("Remote-User", field_text(told.user));
  response.headers.add("Remote-Name", field_text(told.name));
  response.headers.add("Remote-Email", field_text(told.email));
  response.headers.add("Remote-Groups", role);
  response.headers.add(
      "X-Cardea-Assertion",
      deps.authn.tokens.issue(
          assertion, {.subject = account.id,
                      .session = holder.session.id,
                      .issued_at = call.now(),
                      .expires_at = call.now() + assertion_lifetime,
                      .audience = host.base,
                      .profile = {{"user", told.user}, {"name", told.name}, {"email", told.email}, {"role", role}}}));
  return response;
}

Result<http::Response> turn_away(const Deps& deps, const http::Call& call, const AppHost& host, const Asked& asked) {
  if (!asked.is_navigation) return http::unauthenticated;
  if (!host.is_own) return begin(deps, call, host, asked.target);
  return send_to(deps.url + "/signin?next=" + encoding::percent_encode(page::safe_next(asked.target, "/")));
}

Result<http::Response> check(const Deps& deps, const http::Call& call) {
  const auto rule = TRY(read_rule(call));
  const auto asked = read_asked(call.request.headers);
  if (!asked) return unclear;
  const auto host = find_host(deps, asked->origin);
  if (!host) return unknown_host;
  const std::string_view target = asked->target;
  if (!host->is_own && target.substr(0, target.find('?')) == callback_path) return finish(deps, call, *host, target);
  std::optional<authn::Holder> holder;
  if (!host->is_own) holder = holder_of_cookie(deps, call, *host);
  if (host->is_own && call.is_signed_in()) holder = authn::find_holder(deps.authn, call.session(), call.now());
  if (!holder) return turn_away(deps, call, *host, *asked);
  if (!meets(rule, holder->account.role)) return http::forbidden;
  return let_in(deps, call, *host, *holder);
}

Result<http::Response> show_failed(const Deps& deps, const http::Call& call) {
  const auto query = call.query<Failed>();
  const auto origin = http::canonical_origin(query ? query->to.value_or("") : "");
  const auto host = origin ? find_host(deps, *origin) : std::nullopt;
  if (!host) return unknown_host;
  return deps.pages.render("forward_auth_failed", call, wire::Object{{"host", host->base}}, 400);
}

std::string problem_with(const std::vector<std::string>& hosts) {
  for (const auto& host : hosts) {
    const auto origin = http::canonical_origin(host);
    if (!origin || host.ends_with('/')) {
      return "hosts: \"" + host + "\" is no origin; write it as \"https://app.example.com\"";
    }
    // A cookie that is Secure, as the application's is, stays with HTTPS and the machine itself.
    if (!origin->starts_with("https://") && !is_of_this_machine(*origin)) {
      return "hosts: \"" + host + "\" has to begin with https://";
    }
  }
  return {};
}

}  // namespace

void describe(config::Section& section, Settings& settings) {
  section.texts("hosts", settings.hosts,
                "Applications behind a proxy that asks GET /v1/forward-auth, by their origin: "
                "\"https://app.example.com\". This server's own host needs no mention.");
  section.flag("local_hosts", settings.local_hosts,
               "Whether every port of this machine is listed (http://localhost:5000): for development. `cardea dev` "
               "turns it on.");
  section.flag(
      "unverified_email", settings.unverified_email,
      "Whether applications are told e-mail addresses (Remote-Email) that nobody has verified. One that takes an "
      "address for a proof of who somebody is should not be.");
  section.check([&settings] { return problem_with(settings.hosts); });
}

FeatureEntry entry() {
  return {
      .describe = [](config::Section& root,
                     FeatureSettings& settings) { describe(root.section("forward_auth"), settings.of<Settings>()); },
      .for_development = [](FeatureSettings& settings) { settings.of<Settings>().local_hosts = true; },
      .make =
          [](const Host& host) {
            return feature({.authn = host.authn,
                            .pages = host.pages,
                            .settings = host.settings.of<Settings>(),
                            .url = std::string{host.url}});
          }};
}

Feature feature(const Deps& deps) {
  using http::Lane;
  Feature feature{.name = "forward_auth"};
  http::Routes api{surface(), feature.routes};
  api.get("/v1/forward-auth", Lane::quick, if_signed_in, [deps](const http::Call& call) { return check(deps, call); },
          {.summary = "Whether a request to an application behind a proxy may go on, and whose it is.",
           .response = &wire::schema<Admitted>,
           .redirects = {{302, "To sign in, for a browser that opens a page."}},
           .errors = {&http::unauthenticated, &http::forbidden, &unknown_host, &unclear, &unknown_rule,
                      &validation_failed},
           .choices = {{"require", rules()}}})
      .query = &http::query_of<Rule>();
  http::Routes pages{deps.pages.surface(), feature.routes};
  add_go_back(pages, deps);
  pages
      .get("/forward-auth/failed", Lane::quick, anyone,
           [deps](const http::Call& call) { return show_failed(deps, call); })
      .query = &http::query_of<Failed>();
  feature.errors = {&unknown_host, &unclear, &unknown_rule};
  return feature;
}

}  // namespace cardea::forward_auth
