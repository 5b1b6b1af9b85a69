#pragma once
// Runs a test body on both engines, each time with a fresh database:
//
//   class NoteContract : public testing_support::OnEngine {};
//   INSTANTIATE_TEST_SUITE_P(engines, NoteContract, testing_support::both_engines(), testing_support::engine_name);
//   TEST_P(NoteContract, deleted_note_is_gone) { database().write(…); }

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "db/database.hpp"

namespace cardea::testing_support {

enum class Schema { empty, migrated };

/// A database that lasts as long as this object. On PostgreSQL a migrated one is copied from a template.
class FreshDatabase {
 public:
  /// `engine` is "sqlite" or "postgres".
  FreshDatabase(std::string_view engine, Schema schema);
  ~FreshDatabase();
  FreshDatabase(const FreshDatabase&) = delete;
  FreshDatabase& operator=(const FreshDatabase&) = delete;

  /// For db::open.
  [[nodiscard]] const std::string& url() const { return url_; }
  /// The name on the PostgreSQL server, or the directory that holds the SQLite file.
  [[nodiscard]] const std::string& place() const { return place_; }

 private:
  bool is_sqlite_;
  std::string place_;
  std::string url_;
};

class OnEngine : public ::testing::TestWithParam<std::string> {
 protected:
  explicit OnEngine(Schema schema = Schema::migrated) : fresh_(GetParam(), schema), database_(reopen()) {}

  db::Database& database() { return *database_; }
  /// Another handle on the same database, as another process would have.
  [[nodiscard]] std::unique_ptr<db::Database> reopen(const db::Options& options = {}) const {
    return db::open(fresh_.url(), options);
  }
  [[nodiscard]] bool is_sqlite() const { return GetParam() == "sqlite"; }
  [[nodiscard]] const FreshDatabase& fresh() const { return fresh_; }

 private:
  FreshDatabase fresh_;
  std::unique_ptr<db::Database> database_;
};

inline auto both_engines() { return ::testing::Values(std::string{"sqlite"}, std::string{"postgres"}); }
inline std::string engine_name(const ::testing::TestParamInfo<std::string>& info) { return info.param; }

/// Runs `work(i)` on `count` threads that set off together, and waits for all. An exception in one fails the test.
void race(int count, const std::function<void(int)>& work);

/// Starts the bus of a database and returns when it hears other processes.
void start_bus(db::Database& database);

}  // namespace cardea::testing_support
