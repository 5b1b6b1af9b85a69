#pragma once
// Who stands between us and PostgreSQL, and what a connection is lent for.

#include <memory>
#include <string_view>

#include "db/database.hpp"

namespace cardea::db {

enum class Lending {
  for_good,       // each is ours until we close it: of the server itself, or of a pooler in session mode
  by_transaction  // nothing outlives a transaction, and LISTEN hears nothing: PgBouncer with pool_mode = transaction
};

struct Pooler {
  Lending lending = Lending::for_good;
  /// By transaction only: the server's own address, where other processes are heard. Empty: they are not.
  std::string_view direct_url = {};
};

/// db::open, with a pooler before PostgreSQL. One that lends by transaction where that was not said, or at the direct
/// address, is found out here: DatabaseError with what to do. SQLite has none.
std::unique_ptr<Database> open(std::string_view url, const Options& options, const Pooler& pooler);

}  // namespace cardea::db
