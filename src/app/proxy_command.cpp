#include "app/proxy_command.hpp"

#include <fmt/format.h>

#include "app/proxy_text.hpp"
#include "app/say.hpp"
#include "app/talk.hpp"

namespace cardea::app {

const std::vector<std::string>& known_proxies() {
  static const std::vector<std::string> names{"nginx", "caddy", "haproxy", "traefik"};
  return names;
}

std::string proxy_text(const ProxyPlan& plan, std::string_view proxy) {
  if (proxy == "nginx") return nginx_text(plan);
  if (proxy == "caddy") return caddy_text(plan);
  if (proxy == "haproxy") return haproxy_text(plan);
  return traefik_text(plan);
}

int print_proxy(const Options& options, const ProxyOrder& order) {
  Settings settings;
  auto root = describe(settings);
  if (const auto loaded = load_settings(settings, root, options); !loaded) return fail(loaded.error());
  const auto plan = plan_proxy(settings, order);
  if (!plan) {
    complain(plan.error().detail);
    return plan.error().detail.starts_with("--") ? exit_code::usage : exit_code::failed;
  }
  for (const auto& remark : remarks_on(*plan, settings)) fmt::print(stderr, "note: {}\n", remark);
  fmt::print("{}", proxy_text(*plan, order.proxy));
  return exit_code::done;
}

}  // namespace cardea::app
