#pragma once
// For tests in which more sign up in an instant than people do: nobody is asked for anything because of that.
//
//   World world{{}, "sqlite", testing_support::unguarded};

#include <vector>

#include "tests/support/world.hpp"

namespace cardea::testing_support {

/// Hosts what asks nothing of who signs up, in place of the product's own.
inline std::vector<Feature> unguarded(World&) {
  authn::SignUpGuard nobody{
      .judge = [](const Context&, std::string_view) -> Result<authn::Admission> { return authn::Admission{}; },
      .challenge = [](Time) { return http::ProblemChallenge{}; },
      .in_form = [](Time) { return wire::Object{}; }};
  return {{.name = "unguarded", .sign_up_guard = std::move(nobody)}};
}

}  // namespace cardea::testing_support
