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

/// ":8443", where an origin names a port.
std::string_view port_of(std::string_view origin) {
  const auto host = origin.substr(std::min(origin.size(), origin.find("://") + 3));
  const auto colon = host.find(':', host.starts_with('[') ? host.find(']') : 0);
  return host.substr(std::min(host.size(), colon));
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
      origins_(policy.own_origins, {}),
      public_origin_(policy.own_origins.empty() ? std::string{} : policy.own_origins[0]),
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

const Surface& Planner::surface_of(const Request& head, const Router::Match& match) const {
  const Route* route = match.route != nullptr ? match.route : match.other;
  return route != nullptr ? *route->surface : surface_of_unknown(head);
}

/// Whether a proxy in front took this without TLS, and passwords, cookies or tokens may be on it. OPTIONS has none, and
/// a front end that is told no by its preflight could not read why.
bool Planner::belongs_on_tls(const Request& head, const Router::Match& match) const {
  if (secure_origin_.empty() || head.method == Method::options) return false;
  const bool is_exempt = match.route != nullptr && match.route->works_without_tls;
  return !is_exempt && proxies_.says_plain(head);
}

/// Only pages are redirected, since a person sees where they are: a program would not notice, and keep sending its
/// password in the clear.
Plan Planner::send_to_tls(const Request& head, const Router::Match& match) const {
  const bool is_read = head.method == Method::get || head.method == Method::head;
  const Surface& surface = surface_of(head, match);
  if (is_read && surface.is_for_browsers) {
    return Redirect{.location = secure_origin_ + head.target, .surface = &surface, .route = match.route};
  }
  return Refuse{.kind = &tls_required, .surface = &surface};
}

/// Whether a browser opened a page of ours under a name that is not ours: its cookies and forms would be worth nothing
/// here. What a proxy brings says nothing about that, for a proxy may write another Host.
bool Planner::is_by_another_name(const Request& head, const Surface& surface) const {
  if (!surface.is_for_browsers || public_origin_.empty() || proxies_.brought(head)) return false;
  const std::string_view host = head.headers.get("Host");
  if (host.empty() || origins_.is_own_host(host)) return false;
  // Some clients and proxies leave the port out.
  if (origins_.is_own_host(std::string{host}.append(port_of(public_origin_)))) return false;
  if (!has_told_name_.exchange(true)) {
    constexpr std::size_t most = 200;
    log_.warn("url.another_name", {{"host", host.substr(0, most)}, {"url", public_origin_}});
  }
  return true;
}

/// An address of this machine leads somebody on another one to their own.
bool Planner::can_follow_home(const Request& head) const {
  const auto is_of_this_machine = [](std::string_view host) {
    return host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") ||
           host.starts_with("[::1]") || host == "::1";
  };
  const std::string_view origin = public_origin_;
  const auto host = origin.substr(origin.find("://") + 3);
  const auto name = host.starts_with('[') ? host : host.substr(0, host.find(':'));
  return !is_of_this_machine(name) || is_of_this_machine(head.peer);
}

Plan Planner::place(const Request& head) const {
  std::vector<std::string> params;
  const Router::Match match = router_.find(head.method, head.path, params);
  const auto refuse = [&](const ErrorKind& kind) { return Refuse{.kind = &kind, .surface = &surface_of(head, match)}; };
  if (head.path.empty() || repeats_singleton(head.headers)) return refuse(malformed_request);
  if (belongs_on_tls(head, match)) return send_to_tls(head, match);
  if (match.route == nullptr && head.method == Method::options) return place_options(head, match);
  if (match.other == nullptr) return refuse(not_found);
  if (match.route == nullptr) {
    return Refuse{.kind = &method_not_allowed, .surface = match.other->surface, .allow = std::string{match.allow}};
  }
  const Route& route = *match.route;
  const bool is_read = head.method == Method::get || head.method == Method::head;
  if (is_by_another_name(head, *route.surface) && is_read && can_follow_home(head)) {
    return Redirect{.location = public_origin_ + head.target, .surface = route.surface, .route = &route, .status = 307};
  }
  if (auto refused = refusal_of(head.query, *route.query, route.surface->unknown_parameters)) {
    return Refuse{.kind = refused->kind, .surface = route.surface, .fields = std::move(refused->fields)};
  }
  return Handle{.route = &route, .params = std::move(params), .lane = route.lane};
}

/// On the surface of the route that a preflight asks about. The server as a whole has no route that one could ask for.
Plan Planner::place_options(const Request& head, const Router::Match& match) const {
  if (head.path == whole_server) return Preflight{nullptr, &asset_surface(), std::string{every_method}};
  // Nothing is there, and a front end can only read that when its preflight passes.
  if (match.other == nullptr) return Preflight{nullptr, &surface_of(head, match), {}};
  std::vector<std::string> params;
  const auto wanted = parse_method(head.headers.get("Access-Control-Request-Method"));
  const Route* asked = wanted ? router_.find(*wanted, head.path, params).route : nullptr;
  const Route* route = asked != nullptr ? asked : match.other;
  return Preflight{route, route->surface, std::string{match.allow}};
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
