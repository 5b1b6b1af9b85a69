#pragma once
// What the settings meet on this machine: the database, folders, certificate and clock. For `cardea config check`; the
// settings themselves have been found usable before.

#include <string>
#include <vector>

#include "app/settings.hpp"

namespace cardea::app {

struct Finding {
  enum class Weight {
    remark,   // worth knowing
    problem,  // keeps the server from starting, or is dangerous
  };
  Weight weight;
  std::string text;  // begins with the key it is about, and says what to do
};

/// Looks and changes nothing; an unreachable database costs some seconds. `config_file` is where the settings came
/// from, empty when there was none; `now` is this machine's clock.
[[nodiscard]] std::vector<Finding> look_around(const Settings& settings, const std::string& config_file, Time now);

}  // namespace cardea::app
