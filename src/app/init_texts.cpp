#include "app/init_texts.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "app/setting_rules.hpp"
#include "encoding/value.hpp"

namespace cardea::app {
namespace {

constexpr std::string_view data_folder = "/var/lib/cardea";

/// A TOML string, which a JSON string is too.
std::string as_toml(const std::string& text) { return wire::to_json(text); }

bool has_password(const InitOrder& order) { return !user_info(order.database).empty(); }

std::string replaced(std::string text, std::string_view old, const std::string& fresh) {
  const auto at = text.find(old);
  if (at == std::string::npos) throw std::logic_error("the packaged unit lacks: " + std::string{old});
  return text.replace(at, old.size(), fresh);
}

bool is_below(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && path.size() > folder.size() && path[folder.size()] == '/';
}

/// Where the SQLite file lies; empty for PostgreSQL.
std::string folder_of_database(const InitOrder& order) {
  constexpr std::string_view sqlite = "sqlite:";
  if (!order.database.starts_with(sqlite)) return {};
  return std::filesystem::path{order.database.substr(sqlite.size())}.parent_path().string();
}

std::string command(const InitOrder& order, std::string_view words) {
  const std::string program = order.program == "/usr/bin/cardea" || order.program.empty() ? "cardea" : order.program;
  return fmt::format("sudo -u cardea {} {} --config {}/cardea.toml", program, words, order.folder);
}

std::string proxy_step(const InitOrder& order) {
  const auto file = order.folder + "/" + proxy_file(order.proxy);
  if (order.proxy == "nginx") {
    return "sudo cp " + file + " /etc/nginx/conf.d/cardea.conf && sudo nginx -t && sudo systemctl reload nginx";
  }
  if (order.proxy == "caddy") {
    return "sudo cp " + file + " /etc/caddy/Caddyfile && sudo systemctl reload caddy";
  }
  if (order.proxy == "haproxy") {
    return "sudo cp " + file + " /etc/haproxy/haproxy.cfg && sudo systemctl reload haproxy";
  }
  if (order.proxy == "traefik") return "put " + file + " into the folder that Traefik's file provider reads";
  return "none: the server speaks TLS itself; ports below 1024 want cardea.socket (docs/operations.md, systemd)";
}

}  // namespace

std::string proxy_file(std::string_view proxy) {
  if (proxy == "nginx") return "nginx.conf";
  if (proxy == "caddy") return "Caddyfile";
  return proxy == "haproxy" ? "haproxy.cfg" : "traefik.yml";
}

std::string init_settings(const InitOrder& order) {
  std::string text =
      "# Settings of Cardea, by `cardea init`. All there are, with their defaults: cardea config reference\n";
  text += "url = " + as_toml(order.url) + "\n";
  text += has_password(order) ? "database_file = " + as_toml(order.folder + "/database") + "\n"
                              : "database = " + as_toml(order.database) + "\n";
  text += "secret_file = " + as_toml(order.folder + "/secret") + "\n\n[server]\n";
  if (order.proxy == no_proxy) {
    const auto site = parse_site(order.url);
    text += "listen = \"0.0.0.0:" + (site ? site->port : "443") + "\"\n\n[tls]\n";
    text += "certificate_file = " + as_toml(order.certificate) + "\nkey_file = " + as_toml(order.key) + "\n";
    return text;
  }
  const bool is_unix = order.listen.starts_with("unix:");
  const bool is_v6 = order.listen.starts_with("[");
  text += "listen = " + as_toml(order.listen) + "\n";
  text += std::string{"trusted_proxies = ["} +
          (is_unix ? "\"unix:\""
           : is_v6 ? "\"::1/128\""
                   : "\"127.0.0.1/32\"") +
          "]\n";
  if (order.protect.empty()) return text;
  const auto site = parse_site(order.protect);
  return text + "\n[forward_auth]\nhosts = [" + as_toml(site ? site->origin() : order.protect) + "]\n";
}

std::string init_unit(const InitOrder& order) {
  std::string text{packaged_unit()};
  const auto program = order.program.empty() ? "/usr/bin/cardea" : order.program;
  text = replaced(text, "ExecStart=/usr/bin/cardea serve --config /etc/cardea/cardea.toml",
                  "ExecStart=" + program + " serve --config " + order.folder + "/cardea.toml");
  std::string credentials = "LoadCredential=secret:" + order.folder + "/secret\n";
  if (has_password(order)) {
    credentials +=
        "LoadCredential=database:" + order.folder + "/database\nEnvironment=CARDEA_DATABASE_FILE=credential:database\n";
  }
  text = replaced(text, "LoadCredential=secret:/etc/cardea/secret\n", credentials);
  const auto data = folder_of_database(order);
  if (!data.empty() && data != data_folder && !is_below(data, data_folder)) {
    text = replaced(text, "StateDirectoryMode=0750\n", "StateDirectoryMode=0750\nReadWritePaths=" + data + "\n");
  }
  for (const std::string& path : {data, order.folder, program}) {
    if (!is_below(path, "/home") && !is_below(path, "/root")) continue;
    return replaced(text, "ProtectHome=yes", "ProtectHome=no");
  }
  return text;
}

std::vector<std::string> init_checklist(const InitOrder& order) {
  const auto site = order.url;
  return {
      fmt::format("Keep a copy of {}/secret apart from backups: without it the database cannot be used.", order.folder),
      fmt::format("User and settings: getent passwd cardea || sudo adduser --system --group --home {} cardea; "
                  "sudo chown cardea {}/secret{} && {}",
                  data_folder, order.folder, has_password(order) ? " " + order.folder + "/database" : "",
                  command(order, "config check")),
      fmt::format("Unit: sudo cp {}/cardea.service /etc/systemd/system/ && sudo systemctl daemon-reload", order.folder),
      fmt::format(
          "Database and start: sudo install -d -o cardea -m 0750 {} && {} && sudo systemctl enable --now cardea",
          folder_of_database(order).empty() ? std::string{data_folder} : folder_of_database(order),
          command(order, "migrate up")),
      "Proxy: " + proxy_step(order),
      fmt::format("Sign up at {}/signup, then: {} && {}", site, command(order, "admin grant YOUR-USER-ID"),
                  command(order, "doctor"))};
}

}  // namespace cardea::app
