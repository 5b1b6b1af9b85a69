#include "http/planner.hpp"

#include <algorithm>

#include "http/problem.hpp"

namespace cardea::http {
namespace {

std::vector<const Surface*> surfaces_of(const std::vector<Route>& routes) {
  std::vector<const Surface*> surfaces;
  for (const Route& route : routes) {
    const auto known = std::find(surfaces.begin(), surfaces.end(), route.surface);
    if (known == surfaces.end()) surfaces.push_back(route.surface);
  }
  return surfaces;
}

std::string secure_origin(const Policy& policy) {
  const bool is_secure = policy.hsts && !policy.own_origins.empty() && policy.own_origins[0].starts_with("https://");
  return is_secure ? policy.own_origins[0] : std::string{};
}

}  // namespace

Planner::Planner(const std::vector<Route>& routes, const Policy& policy, Authenticator& authenticator,
                 observe::Log& log)
    : authenticator_(authenticator),
      log_(log),
      router_(routes),
      proxies_(policy.trusted_proxies),
      secure_origin_(secure_origin(policy)),
      surfaces_(surfaces_of(routes)) {}

/// For an unknown path: the surface below whose root it lies, else pages for browsers that ask for HTML, else the
/// API. The target stands in for a path that did not parse.
const Surface& Planner::surface_of_unknown(const Request& head) const {
  const std::string_view path{head.path.empty() ? head.target : head.path};
  for (const Surface* surface : surfaces_) {
    if (!surface->root.empty() && path.starts_with(surface->root)) return *surface;
  }
  if (head.headers.get("Accept").find("text/html") != std::string_view::npos) {
    for (const Surface* surface : surfaces_) {
      if (surface->is_for_browsers) return *surface;
    }
  }
  return api_surface();
}

Plan Planner::refuse(const ErrorKind& kind, const Request& head) const {
  return Refuse{.kind = &kind, .surface = &surface_of_unknown(head)};
}

/// A page that a proxy in front serves without TLS: its form would send a password in the clear. Only pages are
/// redirected; a program would not notice.
bool Planner::belongs_on_tls(const Request& head, const Route& route) const {
  const bool is_read = head.method == Method::get || head.method == Method::head;
  return is_read && route.surface->is_for_browsers && !secure_origin_.empty() && proxies_.client_of(head).plain;
}

Plan Planner::place(const Request& head) const {
  if (head.path.empty()) return refuse(malformed_request, head);
  std::vector<std::string> params;
  const Router::Match match = router_.find(head.method, head.path, params);
  if (repeats_singleton(head.headers)) {
    return Refuse{.kind = &malformed_request,
                  .surface = match.other != nullptr ? match.other->surface : &surface_of_unknown(head)};
  }
  if (match.other == nullptr) return refuse(not_found, head);
  if (match.route == nullptr && head.method == Method::options) return place_options(head, match);
  if (match.route == nullptr) {
    return Refuse{.kind = &method_not_allowed, .surface = match.other->surface, .allow = std::string{match.allow}};
  }
  const Route& route = *match.route;
  if (belongs_on_tls(head, route)) return Redirect{.location = secure_origin_ + head.target, .route = &route};
  if (!is_query(head.query)) return Refuse{.kind = &malformed_request, .surface = route.surface};
  return Handle{.route = &route, .params = std::move(params), .lane = route.lane};
}

/// On the surface of the route that a preflight asks about.
Preflight Planner::place_options(const Request& head, const Router::Match& match) const {
  std::vector<std::string> params;
  const auto wanted = parse_method(head.headers.get("Access-Control-Request-Method"));
  const Route* route = wanted ? router_.find(*wanted, head.path, params).route : nullptr;
  return {.route = route != nullptr ? route : match.other, .allow = std::string{match.allow}};
}

std::optional<Result<Authentication>> Planner::recall(const Handle& handle, const Request& head, Time now) const {
  try {
    return authenticator_.recall(head, *handle.route->surface, now);
  } catch (const std::exception& surprise) {
    log_.error("recall.failed", {{"route", handle.route->path}, {"detail", surprise.what()}});
    return std::nullopt;
  }
}

Plan Planner::plan(const Request& head, Time now) const {
  Plan plan = place(head);
  auto* handle = std::get_if<Handle>(&plan);
  if (handle == nullptr || handle->route->requirement.who == Who::anyone) return plan;
  if (handle->lane == Lane::instant) {
    handle->known = recall(*handle, head, now);
    if (!handle->known) handle->lane = Lane::quick;
  } else if (handle->route->requirement.who == Who::principal && handle->route->body_limit > usual_body_limit) {
    // Anyone may announce a large body. Only the refusal is kept: a session that memory knows may have ended when the
    // body is there, so `answer` asks again.
    const auto known = recall(*handle, head, now);
    if (known && !known->ok()) handle->refusal = known->error().kind;
    if (known && known->ok()) handle->account = (*known)->principal.account;
    handle->is_unsure = !known;
  }
  return plan;
}

}  // namespace cardea::http
