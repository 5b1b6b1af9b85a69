#pragma once
// `cardea proxy`: the configuration of a reverse proxy before this instance.

#include "app/proxy_plan.hpp"
#include "app/serve.hpp"

namespace cardea::app {

/// The proxies that there is a configuration for.
[[nodiscard]] const std::vector<std::string>& known_proxies();

/// The text of the plan for one of them.
[[nodiscard]] std::string proxy_text(const ProxyPlan& plan, std::string_view proxy);

/// Prints it, and on standard error what the settings lack for it. Returns the exit code.
int print_proxy(const Options& options, const ProxyOrder& order);

}  // namespace cardea::app
