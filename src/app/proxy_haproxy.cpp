#include "app/config_text.hpp"
#include "app/proxy_text.hpp"

namespace cardea::app {
namespace {

void begin(ConfigText& text, std::string_view head) {
  text.blank();
  text.line(head);
  text.deeper();
}

void write_defaults(ConfigText& text, const ProxyPlan& plan) {
  begin(text, "defaults");
  text.line(plan.has_proxy_header ? "mode tcp" : "mode http");
  text.line("timeout connect " + std::string{connect_within});
  text.line("timeout client " + span_text(plan.idle));
  text.line("timeout server " + std::string{answer_within});
  if (!plan.has_proxy_header) {
    text.line("timeout http-request " + span_text(plan.head_within));
    text.line("timeout http-keep-alive " + span_text(plan.idle));
  }
  text.back();
}

void write_binds(ConfigText& text, const ProxyPlan& plan) {
  const Site& site = *plan.own;
  const std::string place = site.is_local() ? "127.0.0.1:" + site.port : ":::" + site.port + " v4v6";
  const bool is_passed_on = plan.has_proxy_header && plan.server.is_tls;
  if (is_passed_on) return text.line("bind " + place);
  text.comment("One file: the certificate, its chain, and the key.");
  text.line("bind " + place + " ssl crt " + certificate_of(plan, site, ".pem") +
            (plan.has_proxy_header ? "" : " alpn h2,http/1.1"));
  if (site.is_usual_port() && !site.is_local() && !plan.has_proxy_header) {
    text.comment("Plain HTTP: Cardea leads browsers on to https, and refuses what else is sent in the clear.");
    text.line("bind :::80 v4v6");
  }
}

void write_frontend(ConfigText& text, const ProxyPlan& plan) {
  begin(text, "frontend cardea");
  write_binds(text, plan);
  if (!plan.has_proxy_header) {
    text.comment("HAProxy says whose the request is; what the client itself says of that goes.");
    text.line("http-request set-header X-Forwarded-For %[src]");
    text.line("http-request set-header X-Forwarded-Proto https if { ssl_fc }");
    text.line("http-request set-header X-Forwarded-Proto http if !{ ssl_fc }");
    text.line("http-request del-header Forwarded");
    text.line("http-request deny deny_status 413 if { req.hdr_val(content-length) gt " +
              std::to_string(longest_body_mib(plan) * 1024 * 1024) + " }");
  }
  text.line("default_backend cardea");
  text.back();
}

void write_backend(ConfigText& text, const ProxyPlan& plan) {
  begin(text, "backend cardea");
  std::string server = "server cardea " + std::string{plan.server.is_unix ? "unix@" : ""} + plan.server.address;
  if (plan.has_proxy_header) {
    server += " send-proxy-v2";
  } else {
    text.line("http-reuse safe");
    text.line("option httpchk");
    text.line("http-check send meth GET uri /healthz ver HTTP/1.1 hdr Host " + plan.host);
    server += " check inter 10s";
  }
  if (plan.server.is_tls && !plan.has_proxy_header) {
    server += " ssl verify required ca-file @system-ca sni str(" + plan.host + ") check-sni " + plan.host;
  }
  text.line(server);
  text.back();
}

}  // namespace

std::string haproxy_text(const ProxyPlan& plan) {
  ConfigText text{"  "};
  text.comment(
      "For /etc/haproxy/haproxy.cfg; then: haproxy -c -f /etc/haproxy/haproxy.cfg && systemctl reload haproxy");
  if (plan.server.is_unix) text.comment("Without `chroot` in the global section: the socket lies outside of it.");
  text.line("global");
  text.deeper();
  text.line("ssl-default-bind-options ssl-min-ver TLSv1.2");
  text.back();
  write_defaults(text, plan);
  write_frontend(text, plan);
  write_backend(text, plan);
  return text.text();
}

}  // namespace cardea::app
