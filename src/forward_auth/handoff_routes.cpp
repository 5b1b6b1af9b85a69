#include "forward_auth/handoff_routes.hpp"

#include <algorithm>

#include "crypto/opaque_token.hpp"
#include "encoding/base64.hpp"
#include "encoding/form.hpp"
#include "http/cookie.hpp"
#include "http/origin.hpp"
#include "http/problem.hpp"

namespace cardea::forward_auth {

/// The application that sent a browser here, and the digest of what it keeps meanwhile.
struct GoBack {
  std::string to;
  std::string state;
};
template <class D>
void describe(D& d, wire::Of<D, GoBack>& query) {
  d.optional("to", query.to, {.max = 16'000});
  d.optional("state", query.state, {.max = 100});
}

namespace {

constexpr std::string_view app_cookie = "__Host-cardea-app";
constexpr std::string_view state_cookie = "__Host-cardea-app-state";
constexpr std::chrono::seconds state_lifetime = std::chrono::minutes{10};

/// The digest of the state in this browser, as text; absent when it has none that could be ours.
std::optional<std::string> state_of(const http::Call& call) {
  const auto shown = http::cookie(call.request, state_cookie);
  const auto hash = shown ? crypto::opaque_token_hash(*shown) : std::nullopt;
  return hash ? std::optional{encoding::base64url(*hash)} : std::nullopt;
}

bool is_state(std::string_view text) {
  const auto bytes = encoding::parse_base64url(text);
  return bytes && bytes->size() == crypto::Digest{}.size();
}

/// Where a browser wants to go, taken apart. Absent: no address of a host that is listed.
struct Destination {
  AppHost host;
  std::string target;
};
std::optional<Destination> read_destination(const Deps& deps, std::string_view address) {
  const auto scheme = address.find("://");
  if (scheme == std::string_view::npos) return std::nullopt;
  const auto slash = std::min(address.find('/', scheme + 3), address.size());
  const auto origin = http::canonical_origin(address.substr(0, slash));
  auto host = origin ? find_host(deps, *origin) : std::nullopt;
  if (!host || host->is_own) return std::nullopt;
  return Destination{*std::move(host), page::safe_next(std::string{address.substr(slash)}, "/")};
}

Result<http::Response> go_back(const Deps& deps, const http::Call& call) {
  const auto query = call.query<GoBack>();
  if (!query) return http::malformed_request;
  const auto to = read_destination(deps, query->to);
  if (!to) return unknown_host;
  const auto& state = query->state;
  if (!is_state(state)) return http::malformed_request;
  const auto code = TRY(make_code(deps, call.context, to->host, state));
  std::string address = to->host.base;
  address.append(callback_path).append("?code=").append(code.reveal());
  address.append("&to=").append(encoding::percent_encode(to->target));
  auto response = deps.pages.render("going_on", call, wire::Object{{"host", to->host.base}, {"href", address}});
  // A redirect of what began as a form would be stopped by the policy of the page with the form (form-action).
  response.headers.add("Refresh", "0;url=" + address);
  return response;
}

}  // namespace

std::optional<authn::Holder> holder_of_cookie(const Deps& deps, const http::Call& call, const AppHost& host) {
  const auto shown = http::cookie(call.request, app_cookie);
  return shown ? holder_of_token(deps, *shown, host, call.now()) : std::nullopt;
}

http::Response send_to(std::string_view location) {
  http::Response response{.status = 302};
  response.headers.add("Location", location);
  return response;
}

http::Response begin(const Deps& deps, const http::Call& call, const AppHost& host, std::string_view target) {
  auto state = state_of(call);
  std::optional<crypto::OpaqueToken> made;
  if (!state) {  // several tabs share one
    made = crypto::make_opaque_token(deps.authn.random);
    state = encoding::base64url(made->hash);
  }
  auto response = send_to(deps.url + "/forward-auth?to=" + encoding::percent_encode(host.base + std::string{target}) +
                          "&state=" + *state);
  if (made) {
    response.headers.add("Set-Cookie",
                         http::set_cookie(state_cookie, made->text.reveal(), {.max_age = state_lifetime}));
  }
  return response;
}

http::Response finish(const Deps& deps, const http::Call& call, const AppHost& host, std::string_view target) {
  const auto query = target.substr(std::min(target.find('?') + 1, target.size()));
  const auto code = http::query_value(query, "code");
  const auto state = state_of(call);
  const auto token = code && state ? use_code(deps, *code, host, *state, call.now()) : std::nullopt;
  if (!token) return send_to(deps.url + "/forward-auth/failed?to=" + encoding::percent_encode(host.base));
  auto response = send_to(host.base + page::safe_next(http::query_value(query, "to"), "/"));
  response.headers.add("Set-Cookie", http::set_cookie(app_cookie, token->text, {.max_age = token->lifetime}));
  return response;
}

void add_go_back(http::Routes& pages, const Deps& deps) {
  pages
      .get("/forward-auth", http::Lane::quick, signed_in,
           [deps](const http::Call& call) { return go_back(deps, call); })
      .query = &http::query_of<GoBack>();
}

}  // namespace cardea::forward_auth
