#include "app/config_text.hpp"
#include "app/proxy_text.hpp"

namespace cardea::app {
namespace {

std::string url_of(const Upstream& server) { return (server.is_tls ? "https://" : "http://") + server.address; }

void begin(ConfigText& text, std::string_view name) {
  text.line(std::string{name} + ":");
  text.deeper();
}

void write_router(ConfigText& text, const Site& site, std::string_view name, std::string_view middlewares) {
  begin(text, name);
  text.line("rule: Host(`" + site.host + "`)");
  text.line("middlewares: [" + std::string{middlewares} + "]");
  text.line("service: " + std::string{name});
  if (site.is_tls()) text.line("tls: {}");
  text.back();
}

void write_middlewares(ConfigText& text, const ProxyPlan& plan) {
  begin(text, "middlewares");
  if (plan.own) {
    begin(text, "cardea-limits");
    begin(text, "buffering");
    text.line("maxRequestBodyBytes: " + std::to_string(longest_body_mib(plan) * 1024 * 1024));
    text.back();
    text.back();
  }
  begin(text, "no-forwarded");
  begin(text, "headers");
  text.line("customRequestHeaders: { Forwarded: \"\" }");
  text.back();
  text.back();
  if (plan.application) {
    begin(text, "cardea");
    begin(text, "forwardAuth");
    text.line("address: " + url_of(plan.server) + "/v1/forward-auth");
    std::string told;
    for (const std::string_view header : told_headers) told.append(told.empty() ? "" : ", ").append(header);
    text.line("authResponseHeaders: [" + told + "]");
    text.back();
    text.back();
  }
  text.back();
}

void write_services(ConfigText& text, const ProxyPlan& plan) {
  begin(text, "services");
  if (plan.own) {
    begin(text, "cardea");
    begin(text, "loadBalancer");
    text.line("servers: [{ url: \"" + url_of(plan.server) + "\" }]");
    text.line("healthCheck: { path: /healthz, interval: 10s, timeout: 5s }");
    text.line("serversTransport: cardea");
    text.back();
    text.back();
  }
  if (plan.application) {
    begin(text, "app");
    begin(text, "loadBalancer");
    text.line("servers: [{ url: \"http://" + plan.application->address + "\" }]");
    text.back();
    text.back();
  }
  text.back();
}

void write_transport(ConfigText& text, const ProxyPlan& plan) {
  begin(text, "serversTransports");
  begin(text, "cardea");
  if (plan.server.is_tls) text.line("serverName: " + plan.host);
  text.line("forwardingTimeouts: { dialTimeout: " + std::string{connect_within} + ", responseHeaderTimeout: " +
            std::string{answer_within} + ", idleConnTimeout: " + span_text(plan.idle) + " }");
  text.back();
  text.back();
}

void write_certificate(ConfigText& text, const ProxyPlan& plan) {
  begin(text, "tls");
  text.line("certificates: [{ certFile: " + plan.certificate + ", keyFile: " + plan.key + " }]");
  text.back();
}

}  // namespace

std::string traefik_text(const ProxyPlan& plan) {
  ConfigText text{"  "};
  text.comment(
      "For a file of dynamic configuration. In the static one: HTTP/2 is on; an entry point on port 443, without");
  text.comment("`forwardedHeaders.insecure`, so that what clients say of themselves in X-Forwarded-* goes, and");
  text.comment("`transport.respondingTimeouts.readTimeout: " + span_text(plan.body_within) + "`.");
  begin(text, "http");
  begin(text, "routers");
  if (plan.own) write_router(text, *plan.own, "cardea", "cardea-limits, no-forwarded");
  if (plan.application) write_router(text, plan.application->site, "app", "no-forwarded, cardea");
  text.back();
  write_middlewares(text, plan);
  write_services(text, plan);
  if (plan.own) write_transport(text, plan);
  text.back();
  if (!plan.certificate.empty() && !plan.key.empty()) write_certificate(text, plan);
  return text.text();
}

}  // namespace cardea::app
