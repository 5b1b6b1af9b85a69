#pragma once
// How sign-ins turn out, as operators count them.

#include <string_view>

#include "observe/metrics.hpp"

namespace cardea::authn {

inline constexpr std::string_view sign_in_results[] = {"succeeded", "continued", "failed", "throttled"};

/// cardea_signin_total of one of `sign_in_results`. All of them are there from the start, once each was asked for: a
/// rule that compares two has no answer while one is missing.
[[nodiscard]] inline observe::Counter& sign_in_counter(observe::Metrics& metrics, std::string_view result) {
  return metrics.counter("cardea_signin_total", "Sign-in attempts by result.", {{"result", std::string{result}}});
}

}  // namespace cardea::authn
