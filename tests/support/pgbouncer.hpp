#pragma once
// A private PgBouncer before a private PostgreSQL, on a socket in a temporary directory, without TCP.

#include <string>
#include <string_view>

#include "tests/support/postgres.hpp"

namespace cardea::testing_support {

class PgBouncer {
 public:
  /// `mode` is "transaction", "session" or "statement"; `size` is how many connections of the server's it uses for one
  /// database. Throws std::runtime_error when it does not start.
  PgBouncer(const Postgres& server, std::string_view mode, int size);
  ~PgBouncer();
  PgBouncer(const PgBouncer&) = delete;
  PgBouncer& operator=(const PgBouncer&) = delete;

  [[nodiscard]] std::string url(std::string_view database) const;

 private:
  std::string directory_;
  int child_ = -1;
};

}  // namespace cardea::testing_support
