#pragma once
// How a service of leaked passwords is reached.

#include <chrono>
#include <string>

namespace cardea::breached {

struct ServiceSettings {
  std::string url;             // what the five digits are put behind: "https://api.pwnedpasswords.com/range/"
  bool allow_private = false;  // it is on this machine or a private network
  std::chrono::milliseconds timeout{1'500};
};
/// What is wrong with it; empty: nothing.
[[nodiscard]] std::string problem_with_service(const ServiceSettings& settings);

}  // namespace cardea::breached
