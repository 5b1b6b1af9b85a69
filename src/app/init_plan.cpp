#include "app/init_plan.hpp"

#include <algorithm>

#include "app/config_text.hpp"
#include "app/init_texts.hpp"
#include "app/proxy_command.hpp"
#include "app/setting_rules.hpp"
#include "base/text.hpp"

namespace cardea::app {
namespace {

namespace fs = std::filesystem;

Error wrong(std::string why) { return Error{wrong_init, std::move(why)}; }

/// The url as the settings have it.
Result<std::string> url_of(const std::string& text) {
  const auto site = parse_site(text);
  if (!site) return wrong("--url: write the address that people will use, such as https://auth.example.com");
  if (!site->is_tls()) return wrong("--url: begin it with https://, for cookies are sent over TLS only");
  return site->origin();
}

Result<fs::path> folder_of(const std::string& text) {
  auto folder = fs::absolute(text.empty() ? fs::path{usual_folder} : fs::path{text}).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();
  if (!is_plain_path(folder.string())) {
    return wrong("--to: a unit and a proxy read the path: letters, digits and /.-_@+ only");
  }
  return folder;
}

Result<std::string> database_of(const std::string& text, const fs::path& folder) {
  if (text.empty()) {
    return "sqlite:" + (folder == usual_folder ? "/var/lib/cardea/cardea.db" : (folder / "data/cardea.db").string());
  }
  if (const auto problem = problem_with_database(text); !problem.empty()) return wrong("--database: " + problem);
  constexpr std::string_view sqlite = "sqlite:";
  if (!text.starts_with(sqlite)) return text;
  // A relative path would be another file for each folder that a command is called in.
  const auto file = fs::absolute(text.substr(sqlite.size())).lexically_normal();
  if (!is_plain_path(file.string()))
    return wrong("--database: the unit names the path: letters, digits and /.-_@+ only");
  return "sqlite:" + file.string();
}

Result<Done> check_rest(const InitOrder& order) {
  const auto& proxies = known_proxies();
  if (order.proxy != no_proxy && std::find(proxies.begin(), proxies.end(), order.proxy) == proxies.end()) {
    return wrong("--proxy: one of nginx, caddy, haproxy, traefik, none");
  }
  const bool is_alone = order.proxy == no_proxy;
  if (is_alone && (order.certificate.empty() || order.key.empty())) {
    return wrong("--certificate, --key: without a proxy the server speaks TLS itself: name the two PEM files");
  }
  for (const auto& path : {order.certificate, order.key, order.program}) {
    if (!is_plain_path(path)) return wrong("--certificate, --key: letters, digits and /.-_@+ only");
  }
  const bool is_unix = order.listen.starts_with("unix:/") && is_plain_path(order.listen.substr(5));
  if (!is_alone && !is_unix && !problem_with_origin("http://" + order.listen).empty()) {
    return wrong("--listen: write HOST:PORT or unix:/PATH");
  }
  return done;
}

/// The proxy's configuration, from the settings that are about to be written.
Result<std::string> proxy_text_of(const InitOrder& order) {
  Settings settings;
  settings.url = order.url;
  settings.server.listen = order.listen;
  const auto plan = TRY(plan_proxy(settings, {.proxy = order.proxy,
                                              .protect = order.protect,
                                              .application = order.application,
                                              .certificate = order.certificate,
                                              .key = order.key}));
  return proxy_text(plan, order.proxy);
}

}  // namespace

Result<InitPlan> plan_init(InitOrder order) {
  order.url = TRY(url_of(order.url));
  const auto folder = TRY(folder_of(order.folder));
  order.folder = folder.string();
  order.database = TRY(database_of(order.database, folder));
  TRY(check_rest(order));
  InitPlan plan{.folder = folder, .config = folder / "cardea.toml", .secret = folder / "secret"};
  plan.files.push_back({plan.config, init_settings(order)});
  // An address with a password is no text for everybody to read.
  if (!user_info(order.database).empty()) plan.files.push_back({folder / "database", order.database + "\n", 0600});
  plan.files.push_back({folder / "cardea.service", init_unit(order)});
  if (order.proxy != no_proxy) {
    auto text = proxy_text_of(order);
    if (!text) return wrong(text.error().detail);
    plan.files.push_back({folder / proxy_file(order.proxy), *std::move(text)});
  }
  plan.checklist = init_checklist(order);
  return plan;
}

}  // namespace cardea::app
