#pragma once
// Accounts as rows, for contracts of rooms that know accounts only by their ids.

#include "base/id.hpp"
#include "db/database.hpp"

namespace cardea::testing_support {

/// Inserts an account without names and returns its id.
inline AccountId add_account(db::Database& database, Time now, Random& random) {
  const auto id = AccountId::make(now, random);
  database.write([&](db::Tx& tx) {
    tx.run("INSERT INTO account (id, name, status, created_at, updated_at) VALUES ($1, '', 'active', $2, $2)", id, now);
  });
  return id;
}

}  // namespace cardea::testing_support
