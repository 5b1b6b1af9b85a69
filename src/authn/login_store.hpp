#pragma once
// An account and its password, read by one statement: of the rows of two rooms, which elsewhere are read by their own
// room alone, because a sign-in is as slow as its round trips (docs/adr/0021). Internal to authn.

#include "authn/authn.hpp"

namespace cardea::authn {

struct Login {
  identity::Account account;
  std::optional<password::Stored> stored;
};

/// By what was typed, or by the account of a session. One statement alone, whether or not there is such an account.
std::optional<Login> find_login(db::Database& database, const LoginName& name);
std::optional<Login> find_login(db::Tx& tx, const AccountId& id);

}  // namespace cardea::authn
