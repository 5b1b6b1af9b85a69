#pragma once
// The configuration of each proxy, from the plan. Each in the file of its name.

#include <string>

#include "app/proxy_plan.hpp"

namespace cardea::app {

[[nodiscard]] std::string nginx_text(const ProxyPlan& plan);
[[nodiscard]] std::string caddy_text(const ProxyPlan& plan);
[[nodiscard]] std::string haproxy_text(const ProxyPlan& plan);
[[nodiscard]] std::string traefik_text(const ProxyPlan& plan);

/// What an application is told of who is there.
inline constexpr const char* told_headers[] = {"Remote-User", "Remote-Name", "Remote-Email", "Remote-Groups",
                                               "X-Cardea-Assertion"};

/// "75s", or "1500ms" where it is no whole number of seconds.
[[nodiscard]] std::string span_text(Duration span);
/// The longest body in MiB, rounded up: so that the server answers what is too long, in its own words.
[[nodiscard]] std::size_t longest_body_mib(const ProxyPlan& plan);
/// Where a proxy usually has the certificate of a site, unless one was named.
[[nodiscard]] std::string certificate_of(const ProxyPlan& plan, const Site& site, std::string_view ending);
[[nodiscard]] std::string key_of(const ProxyPlan& plan, const Site& site);

}  // namespace cardea::app
