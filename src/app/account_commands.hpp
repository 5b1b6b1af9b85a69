#pragma once
// Commands about the account of somebody: ours, and those that features bring.

#include <string>
#include <vector>

#include "app/serve.hpp"
#include "feature/feature.hpp"

namespace cardea::app {

/// `user block`, `user unblock`, `admin revoke` and those of the features.
[[nodiscard]] std::vector<Command> account_commands();
/// Does it to the account of a user id or address, as the operator of this machine: nobody is signed in, and everything
/// is permitted. Returns the exit code; 3 when nobody has that name.
int run_on_account(const Options& options, const Command& command, const std::string& user);

/// Prints all that features hold of an account, as a line of JSON for each thing.
int user_export(const Options& options, const std::string& user);
/// `admin grant` of a role, or `admin revoke` for Role::user.
[[nodiscard]] Command set_role(Role role);

}  // namespace cardea::app
