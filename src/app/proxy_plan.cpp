#include "app/proxy_plan.hpp"

#include <algorithm>

#include "app/config_text.hpp"
#include "app/house_look.hpp"
#include "app/listen_place.hpp"
#include "app/setting_rules.hpp"
#include "base/text.hpp"
#include "forward_auth/forward_auth.hpp"
#include "http/origin.hpp"
#include "http/peers.hpp"

namespace cardea::app {
namespace {

constexpr std::string_view unix_socket = "unix:";
constexpr std::string_view by_systemd = "systemd:";
constexpr std::string_view socket_of_unit = "/run/cardea.sock";  // packaging/systemd/cardea.socket

Error no_plan(std::string why) { return Error{no_proxy_plan, std::move(why)}; }

Upstream upstream_of(const Settings& settings) {
  const auto& listen = settings.server.listen;
  const bool is_tls = !settings.server.certificate_file.empty() && !settings.server.key_file.empty();
  if (listen.starts_with(unix_socket)) {
    return {.address = listen.substr(unix_socket.size()), .is_unix = true, .is_tls = is_tls};
  }
  if (listen.starts_with(by_systemd)) {
    return {.address = std::string{socket_of_unit}, .is_unix = true, .is_tls = is_tls};
  }
  return {.address = reachable_place(listen), .is_tls = is_tls};
}

/// The peer that a proxy on this machine is to the server.
std::string peer_of(const Upstream& server) {
  return server.is_unix ? std::string{http::unix_peer} : address_in(server.address);
}

bool is_host_and_port(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const auto site = "http://" + std::string{text};
  return problem_with_origin(site).empty();
}

Result<std::optional<ProtectedSite>> application_of(const ProxyOrder& order) {
  if (order.protect.empty()) return std::optional<ProtectedSite>{};
  auto site = parse_site(order.protect);
  if (!site) return no_plan("--protect: write the application's host, such as app.example.com");
  if (!is_host_and_port(order.application)) {
    return no_plan("--application: write where the application listens, such as 127.0.0.1:9000");
  }
  return std::optional{ProtectedSite{*std::move(site), order.application}};
}

/// What the proxy itself cannot do.
Result<Done> check_abilities(const ProxyPlan& plan, const ProxyOrder& order) {
  if (plan.has_proxy_header && order.proxy != "haproxy") {
    return no_plan(
        "server.proxy_protocol is on: connections begin with a PROXY header, which only `cardea proxy haproxy` sends. "
        "This proxy says whose a request is by X-Forwarded-For: turn the setting off");
  }
  if (plan.application && order.proxy == "haproxy") {
    return no_plan(
        "--protect: HAProxy asks nobody about a request; put nginx, Caddy or Traefik before the application");
  }
  if (plan.server.is_unix && order.proxy == "traefik") {
    return no_plan("Traefik does not reach unix sockets: set server.listen = \"127.0.0.1:8025\"");
  }
  return done;
}

}  // namespace

bool Site::is_local() const { return host == "localhost" || host.ends_with(".localhost") || host == "127.0.0.1"; }

std::string Site::origin() const { return scheme + "://" + host + (is_usual_port() ? "" : ":" + port); }

std::optional<Site> parse_site(std::string_view text) {
  const std::string address =
      text::lower(text.find("://") == std::string_view::npos ? "https://" + std::string{text} : std::string{text});
  if (!problem_with_origin(address).empty()) return std::nullopt;
  const auto origin = http::canonical_origin(address);  // with its port
  if (!origin) return std::nullopt;
  const auto scheme = origin->find("://");
  const auto colon = origin->rfind(':');
  return Site{origin->substr(0, scheme), origin->substr(scheme + 3, colon - scheme - 3), origin->substr(colon + 1)};
}

Result<ProxyPlan> plan_proxy(Settings& settings, const ProxyOrder& order) {
  for (const auto& path : {order.certificate, order.key}) {
    if (!is_plain_path(path)) return no_plan("the path " + path + " has characters that a configuration may misread");
  }
  ProxyPlan plan{.server = upstream_of(settings),
                 .head_within = settings.server.header_timeout,
                 .body_within = settings.server.body_timeout,
                 .idle = settings.server.idle_timeout * 4 / 5,
                 .has_proxy_header = settings.server.proxy_protocol,
                 .certificate = order.certificate,
                 .key = order.key};
  if (!is_plain_path(plan.server.address) && plan.server.is_unix) {
    return no_plan("the path " + plan.server.address + " has characters that a configuration may misread");
  }
  plan.application = TRY(application_of(order));
  TRY(check_abilities(plan, order));
  const auto own = parse_site(settings.url.empty() ? "http://localhost" : settings.url);
  if (!own) return no_plan("url: it is no origin");
  plan.host = own->host;
  if (own->is_tls()) plan.own = own;
  if (!plan.own && !plan.application) {
    return no_plan(
        "url is not https, so that nothing needs to stand before this server: name the settings of the one that people "
        "use with --config, or an application with --protect");
  }
  plan.longest_body = longest_body(settings);
  return plan;
}

std::vector<std::string> remarks_on(const ProxyPlan& plan, const Settings& settings) {
  std::vector<std::string> remarks;
  const auto peer = peer_of(plan.server);
  if (settings.server.listen.starts_with(by_systemd)) {
    remarks.push_back("server.listen names the sockets of systemd: here it is " + plan.server.address +
                      ", as cardea.socket has it");
  }
  const bool is_known = plan.server.is_unix || http::parse_address(peer).has_value();
  // `dev` trusts nobody either, and whose a request is matters there to nobody.
  if (plan.own && is_known && !http::Peers{settings.trusted_proxies}.holds(peer)) {
    remarks.push_back(
        "all people will be one client to the server until it trusts the proxy: server.trusted_proxies = [\"" + peer +
        (plan.server.is_unix                   ? ""
         : peer.find(':') == std::string::npos ? "/32"
                                               : "/128") +
        "\"]");
  }
  const auto& hosts = settings.features.of<forward_auth::Settings>();
  if (!plan.application || (hosts.local_hosts && plan.application->site.is_local())) return remarks;
  const auto origin = plan.application->site.origin();
  const bool is_listed = std::ranges::any_of(hosts.hosts, [&](const std::string& each) {
    return http::canonical_origin(each) == http::canonical_origin(origin);
  });
  if (!is_listed)
    remarks.push_back("the server does not know the application yet: [forward_auth] hosts = [\"" + origin + "\"]");
  return remarks;
}

}  // namespace cardea::app
