#pragma once
// Whom a word on the command line names.

#include <optional>
#include <string>
#include <string_view>

#include "db/database.hpp"
#include "identity/identity.hpp"

namespace cardea::app {

/// The account that a word names, by whatever a tool prints of it: its id ("usr_…"), the id of a live session of its
/// ("ses_…"), its user id or its e-mail address. A word in the form of an id is nothing else.
[[nodiscard]] std::optional<identity::Account> find_account(db::Tx& tx, std::string_view who, Time now);
/// Complains that there is none; the exit code.
int nobody_is(std::string_view who);

/// "usr_… (user id ann, Ann Lee, ann@example.org, made 2026-11-20, last seen 2026-11-23 12:00 UTC)".
[[nodiscard]] std::string say_who(db::Tx& tx, const identity::Account& account);

}  // namespace cardea::app
