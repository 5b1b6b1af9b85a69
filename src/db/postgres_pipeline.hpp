#pragma once
// Several commands to PostgreSQL in one round trip. Internal to db.

#include <cstddef>
#include <string>
#include <vector>

#include "db/postgres_reply.hpp"
#include "db/postgres_values.hpp"
#include "db/postgres_wait.hpp"

struct pg_conn;

namespace cardea::db::postgres {

/// Commands are carried out in order up to the first that fails; nothing is committed between them unless one of them
/// says so. The connection is back in its ordinary mode after `finish`, or lost.
class Pipeline {
 public:
  explicit Pipeline(pg_conn* connection);
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  void query(const std::string& sql, const Parameters& parameters);
  void query(const std::string& sql);
  void prepare(const std::string& name, const std::string& sql);
  void execute(const std::string& name, const Parameters& parameters);

  /// One reply per command; null where the connection was lost, or nothing came by `deadline`.
  [[nodiscard]] std::vector<Reply> finish(const Wait& wait);

 private:
  void count(int was_sent);
  pg_conn* connection_;
  std::size_t sent_ = 0;
  bool is_broken_;
};

}  // namespace cardea::db::postgres
