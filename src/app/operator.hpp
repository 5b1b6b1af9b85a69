#pragma once
// The operator of the machine at work on accounts: nobody is signed in, and everything is permitted.

#include <functional>

#include "account/account.hpp"
#include "app/account_commands.hpp"

namespace cardea::app {

/// What such work has.
struct Desk {
  const account::Deps& deps;
  const Context& context;
  const Settings& settings;
};

/// Where links lead: `url`, or else where `cardea dev` listens, which is said.
[[nodiscard]] std::string url_of(const Settings& settings);
/// Opens the database and hands it over; returns the exit code.
int at_desk(const Options& options, const std::function<int(const Desk&)>& work);
/// The same for one account, as it was before; 3 when nobody is named so.
int at_desk(const AccountOrder& order, const std::function<int(const Desk&, const identity::Account&)>& work);

/// Runs the command of a feature and says what it did.
int carry_out(const Desk& desk, const AccountOrder& order, const Command& command, const identity::Account& account);
/// Prints an account as it is now: one JSON object, or lines.
void print_account(const Desk& desk, const Manner& manner, const AccountId& id);

}  // namespace cardea::app
