#pragma once
// Inviting somebody who has no account yet: `cardea user invite`.

#include <optional>
#include <string>

#include "app/serve.hpp"
#include "app/talk.hpp"

namespace cardea::app {

struct InviteOrder {
  std::string email = {};
  std::string role = "user";
  std::optional<int> days = {};
};

/// Prints a link by which one account can be made. Returns the exit code.
int user_invite(const Options& options, const Manner& manner, const InviteOrder& order);

}  // namespace cardea::app
