#pragma once
// config: variables that a container platform puts into every process, whatever the process is.

#include <string_view>

namespace cardea::config {

/// True for what Kubernetes makes of a Service whose name is that of this program or begins with it (`cardea`,
/// `cardea-web`): CARDEA_SERVICE_HOST, CARDEA_SERVICE_PORT, CARDEA_SERVICE_PORT_HTTP, CARDEA_PORT=tcp://…,
/// CARDEA_PORT_8025_TCP, …_TCP_PROTO, …_TCP_PORT, …_TCP_ADDR; and of what a link of Docker called `cardea` passes on:
/// CARDEA_NAME=/…, CARDEA_ENV_…. The value has to fit too, so that CARDEA_PORT=8025, meant as a setting, is still found
/// to be none.
[[nodiscard]] bool is_service_variable(std::string_view name, std::string_view value);

}  // namespace cardea::config
