#include "app/config_text.hpp"
#include "app/proxy_text.hpp"

namespace cardea::app {
namespace {

std::string address_of(const Upstream& server) {
  if (server.is_unix) return "unix//" + server.address.substr(server.address.starts_with('/') ? 1 : 0);
  return (server.is_tls ? "https://" : "") + server.address;
}

/// A unix socket with TLS is asked for as any other: by the transport.
void write_transport(ConfigText& text, const ProxyPlan& plan) {
  text.open("transport http");
  text.line("dial_timeout " + std::string{connect_within});
  text.line("response_header_timeout " + std::string{answer_within});
  text.line("keepalive " + span_text(plan.idle));
  if (plan.server.is_tls) text.line("tls_server_name " + plan.host);
  text.close();
}

void begin_site(ConfigText& text, const ProxyPlan& plan, const Site& site) {
  text.open(site.is_tls() ? site.host + (site.is_usual_port() ? "" : ":" + site.port) : site.origin());
  if (site.is_local()) text.line("bind 127.0.0.1");
  if (site.is_tls() && !plan.certificate.empty()) {
    text.line("tls " + plan.certificate + " " + key_of(plan, site));
  }
}

void write_own(ConfigText& text, const ProxyPlan& plan) {
  begin_site(text, plan, *plan.own);
  // No limit of bodies: Caddy passes them on as they come, and the server refuses long ones at once with 413. Where
  // both do, some versions answer 502.
  text.open("reverse_proxy " + address_of(plan.server));
  text.comment("Caddy says whose the request is; what the client itself says of that goes.");
  text.line("header_up X-Forwarded-For {remote_host}");
  text.line("header_up -Forwarded");
  text.line("health_uri /healthz");
  text.line("health_interval 10s");
  text.line("health_timeout 5s");
  write_transport(text, plan);
  text.close();
  text.close();
}

void write_application(ConfigText& text, const ProxyPlan& plan, const ProtectedSite& application) {
  begin_site(text, plan, application.site);
  text.open("route");
  text.comment(
      "What a client says of itself goes first: some versions copy no header that is empty, and leave the client's.");
  for (const std::string_view header : told_headers) text.line("request_header -" + std::string{header});
  text.open("forward_auth " + address_of(plan.server));
  text.line("uri /v1/forward-auth? # the ? keeps the query of the request out");
  text.line("header_up X-Forwarded-For {remote_host}");
  text.line("header_up -Forwarded");
  std::string told;
  for (const std::string_view header : told_headers) told.append(" ").append(header);
  text.line("copy_headers" + told);
  if (plan.server.is_tls) write_transport(text, plan);
  text.close();
  text.line("reverse_proxy " + application.address);
  text.close();
  text.close();
}

}  // namespace

std::string caddy_text(const ProxyPlan& plan) {
  ConfigText text{"\t"};
  text.comment(
      "For /etc/caddy/Caddyfile; then: caddy validate --config /etc/caddy/Caddyfile && systemctl reload caddy");
  text.comment("The first block holds for the whole Caddyfile: where there is one already, put its lines into that.");
  text.open("");
  text.open("servers");
  text.open("timeouts");
  text.line("read_header " + span_text(plan.head_within));
  text.line("idle " + span_text(plan.idle));
  text.close();
  text.close();
  text.close();
  if (plan.own) write_own(text, plan);
  if (plan.application) write_application(text, plan, *plan.application);
  return text.text();
}

}  // namespace cardea::app
