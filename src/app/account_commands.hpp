#pragma once
// Commands about the account of somebody: ours, and those that features bring.

#include <string>
#include <vector>

#include "app/serve.hpp"
#include "app/talk.hpp"
#include "feature/feature.hpp"

namespace cardea::app {

/// What a command about an account was called with.
struct AccountOrder {
  const Options& options;
  const Manner& manner;
  const std::string& who;  // account_finder.hpp
};

/// `user block`, `user unblock`, `admin revoke` and those of the features.
[[nodiscard]] std::vector<Command> account_commands();
/// Does it to an account, as the operator of this machine: nobody is signed in, and everything is permitted. Returns
/// the exit code.
int run_on_account(const AccountOrder& order, const Command& command);

/// Prints one account, or what features hold of it, as a line of JSON for each thing.
int user_get(const AccountOrder& order);
int user_export(const AccountOrder& order);
/// Shows whom, asks, and deletes: with the time to think again that the settings grant, or at once.
enum class Erase { in_time, now };
int user_delete(const AccountOrder& order, Erase erase);
/// Shows whom, asks, and takes away every second factor: for an owner who has lost them, and is somebody whom the
/// operator knows. Sessions end and browsers are forgotten, for they may be in other hands.
int user_remove_factors(const AccountOrder& order);
/// Changes members: "name=Ann Lee", "email=", "coins=5".
int user_set(const AccountOrder& order, const std::vector<std::string>& changes);
/// Gives a role to an account that is named by id or user id, after showing whom and asking: anybody can sign up with
/// an e-mail address that is not theirs.
int admin_grant(const AccountOrder& order, Role role);
/// Takes it: Role::user.
[[nodiscard]] Command set_role(Role role);

/// Which accounts `user list` prints.
struct UserFilter {
  std::string status = {};
  std::string role = {};
  std::optional<int> limit = {};
};
int user_list(const Options& options, const Manner& manner, const UserFilter& filter);

/// An account to be made, without a password: the link by which its owner sets one is printed.
struct NewUser {
  std::string uid = {};
  std::string name = {};
  std::string email = {};
};
int user_create(const Options& options, const Manner& manner, const NewUser& user);

/// Lists the live sessions of somebody, or of everybody.
int session_list(const AccountOrder& order, std::optional<int> limit);
/// Ends one session, or all of somebody.
int session_revoke(const AccountOrder& order);

}  // namespace cardea::app
