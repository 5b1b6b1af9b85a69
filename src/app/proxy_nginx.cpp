#include "app/config_text.hpp"
#include "app/proxy_text.hpp"
#include "base/text.hpp"

namespace cardea::app {
namespace {

/// "$host", which never has a port, with that of the site.
std::string host_variable(const Site& site) { return site.is_usual_port() ? "$host" : "$host:" + site.port; }

void write_listen(ConfigText& text, const Site& site) {
  const std::string kind = site.is_tls() ? " ssl http2;" : ";";
  if (site.is_local()) return text.line("listen 127.0.0.1:" + site.port + kind);
  text.line("listen " + site.port + kind);
  text.line("listen [::]:" + site.port + kind);
}

void begin_server(ConfigText& text, const ProxyPlan& plan, const Site& site) {
  text.blank();
  text.open("server");
  write_listen(text, site);
  text.line("server_name " + site.host + ";");
  if (site.is_tls()) {
    text.line("ssl_certificate     " + certificate_of(plan, site, ".pem") + ";");
    text.line("ssl_certificate_key " + key_of(plan, site) + ";");
    text.line("ssl_protocols TLSv1.2 TLSv1.3;");
  }
}

bool has_plain_side(const Site& site) { return site.is_tls() && site.is_usual_port() && !site.is_local(); }

void write_plain_listen(ConfigText& text) {
  text.line("listen 80;");
  text.line("listen [::]:80;");
}

/// What is said to the server of each request. Whatever the client wrote into these is replaced.
void write_forwarded(ConfigText& text) {
  text.line("proxy_http_version 1.1;");
  text.line("proxy_set_header Connection \"\";");
  text.line("proxy_set_header X-Forwarded-For $remote_addr;");
  text.line("proxy_set_header X-Forwarded-Proto $scheme;");
  text.line("proxy_set_header Forwarded \"\";");
}

void write_way_to_server(ConfigText& text, const ProxyPlan& plan, const std::string& path) {
  text.line("proxy_pass " + std::string{plan.server.is_tls ? "https" : "http"} + "://cardea" + path + ";");
  if (!plan.server.is_tls) return;
  text.line("proxy_ssl_server_name on;");
  text.line("proxy_ssl_name " + plan.host + ";");
  text.line("proxy_ssl_verify on;");
  text.line("proxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt;");
}

void write_own(ConfigText& text, const ProxyPlan& plan) {
  begin_server(text, plan, *plan.own);
  if (has_plain_side(*plan.own)) {
    text.comment("Plain HTTP: Cardea leads browsers on to https, and refuses what else is sent in the clear.");
    write_plain_listen(text);
  }
  text.line("client_max_body_size " + std::to_string(longest_body_mib(plan)) + "m;");
  text.line("client_header_timeout " + span_text(plan.head_within) + ";");
  text.line("client_body_timeout " + span_text(plan.body_within) + ";");
  text.blank();
  text.open("location /");
  write_way_to_server(text, plan, "");
  text.line("proxy_set_header Host " + host_variable(*plan.own) + ";");
  write_forwarded(text);
  text.line("proxy_connect_timeout " + std::string{connect_within} + ";");
  text.line("proxy_read_timeout " + std::string{answer_within} + ";");
  text.close();
  text.close();
}

/// A question about a request to the application. `method` is what the server is told of it: without one it never
/// answers with a redirect, which auth_request cannot pass on.
void write_question(ConfigText& text, const Site& site, std::string_view method) {
  text.line("proxy_pass_request_body off;");
  text.line("proxy_set_header Content-Length \"\";");
  write_forwarded(text);
  text.line("proxy_set_header X-Forwarded-Host " + host_variable(site) + ";");
  text.line("proxy_set_header X-Forwarded-Uri $request_uri;");
  text.line("proxy_set_header X-Forwarded-Method " + std::string{method} + ";");
}

void write_told(ConfigText& text) {
  for (const std::string_view header : told_headers) {
    std::string name = text::lower(header);
    for (char& c : name) c = c == '-' ? '_' : c;
    // Not $remote_user: that is a variable of nginx itself.
    text.line("auth_request_set $cardea_" + name + " $upstream_http_" + name + ";");
    text.line("proxy_set_header " + std::string{header} + " $cardea_" + name + ";");
  }
}

void write_application(ConfigText& text, const ProxyPlan& plan, const ProtectedSite& application) {
  const Site& site = application.site;
  if (has_plain_side(site)) {
    text.blank();
    text.open("server");
    write_plain_listen(text);
    text.line("server_name " + site.host + ";");
    text.line("return 308 https://$host$request_uri;");
    text.close();
  }
  begin_server(text, plan, site);
  text.blank();
  text.open("location /");
  text.line("auth_request /_cardea;");
  text.line("error_page 401 = @signin;");
  text.line("proxy_pass http://" + application.address + ";");
  text.line("proxy_set_header Host " + host_variable(site) + ";");
  text.line("proxy_set_header X-Forwarded-For $remote_addr;");
  text.line("proxy_set_header X-Forwarded-Proto $scheme;");
  write_told(text);
  text.close();
  text.comment("The question, for each request: 200 or 401, and nothing of the answer reaches the browser.");
  text.open("location = /_cardea");
  text.line("internal;");
  write_way_to_server(text, plan, "/v1/forward-auth");
  write_question(text, site, "\"\"");
  text.close();
  text.comment("The way to the sign-in page, and back from it: what Cardea answers is for the browser.");
  text.open("location @signin");
  text.line("rewrite ^ /v1/forward-auth? break;");
  write_way_to_server(text, plan, "");
  text.line("proxy_method GET;");
  write_question(text, site, "$request_method");
  text.close();
  text.open("location = /.cardea/callback");
  text.line("rewrite ^ /v1/forward-auth? break;");
  write_way_to_server(text, plan, "");
  write_question(text, site, "$request_method");
  text.close();
  text.close();
}

}  // namespace

std::string nginx_text(const ProxyPlan& plan) {
  ConfigText text{"  "};
  text.comment("For /etc/nginx/conf.d/cardea.conf; then: nginx -t && systemctl reload nginx");
  if (plan.own) {
    text.comment("nginx looks after no health: have your monitoring ask " + plan.own->origin() + "/readyz");
  }
  text.open("upstream cardea");
  text.line("server " + std::string{plan.server.is_unix ? "unix:" : ""} + plan.server.address + ";");
  text.line("keepalive 16;");
  text.line("keepalive_timeout " + span_text(plan.idle) + ";");
  text.close();
  if (plan.own) write_own(text, plan);
  if (plan.application) write_application(text, plan, *plan.application);
  return text.text();
}

}  // namespace cardea::app
