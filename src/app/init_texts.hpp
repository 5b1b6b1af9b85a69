#pragma once
// The texts of `cardea init`. Internal to init_plan.

#include <string>
#include <vector>

#include "app/init_plan.hpp"

namespace cardea::app {

/// cardea.toml.
[[nodiscard]] std::string init_settings(const InitOrder& order);
/// The packaged unit with the paths of the order.
[[nodiscard]] std::string init_unit(const InitOrder& order);
/// What is left to be done, in order.
[[nodiscard]] std::vector<std::string> init_checklist(const InitOrder& order);
/// The name of a proxy's configuration in the folder.
[[nodiscard]] std::string proxy_file(std::string_view proxy);

}  // namespace cardea::app
