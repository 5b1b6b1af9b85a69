#include "db/postgres_failure.hpp"

#include <gtest/gtest.h>

#include "db/database.hpp"

namespace cardea::db {
namespace {

/// What opening `url` complains about.
std::string complaint(std::string_view url) {
  try {
    open(url, {});
  } catch (const DatabaseError& problem) {
    return problem.what();
  }
  return {};
}

TEST(PostgresFailure, a_value_quoted_by_the_server_is_left_out) {
  EXPECT_EQ(postgres::describe("22P02", "invalid input syntax for type bigint: \"hunter2\"", "SELECT $1"),
            "postgres: 22P02 in: SELECT $1");
  EXPECT_EQ(postgres::describe("23505", "duplicate key value violates unique constraint \"x\"", ""),
            "postgres: 23505 duplicate key value violates unique constraint \"x\"");
  EXPECT_EQ(postgres::describe("", "", "COMMIT"), "postgres: the connection was lost");
}

TEST(PostgresFailure, only_an_error_says_that_a_commit_did_not_happen) {
  EXPECT_TRUE(postgres::may_have_committed("", ""));            // no answer
  EXPECT_TRUE(postgres::may_have_committed("57P01", "FATAL"));  // shut down, perhaps while it waited for a standby
  EXPECT_TRUE(postgres::may_have_committed("57P02", "PANIC"));
  EXPECT_TRUE(postgres::may_have_committed("08P01", "ERROR"));  // a pooler that lost its server
  EXPECT_TRUE(postgres::may_have_committed("40003", "ERROR"));
  EXPECT_FALSE(postgres::may_have_committed("40001", "ERROR"));
  EXPECT_FALSE(postgres::may_have_committed("23503", "ERROR"));
  EXPECT_FALSE(postgres::may_have_committed("54000", "ERROR"));  // the queue of NOTIFY is full
}

TEST(PostgresFailure, only_lost_races_are_conflicts) {
  EXPECT_TRUE(postgres::is_conflict("40001"));
  EXPECT_TRUE(postgres::is_conflict("53200"));
  EXPECT_TRUE(postgres::is_conflict("40P01"));
  EXPECT_TRUE(postgres::is_conflict("23505"));
  EXPECT_FALSE(postgres::is_conflict("23503"));
  EXPECT_FALSE(postgres::is_conflict(""));
}

TEST(PostgresFailure, no_url_however_wrong_is_quoted) {
  for (const std::string_view url :
       {"postgres://ann:hunter2@127.0.0.1:1/x", "postgres://ann:hun%zzter2@127.0.0.1/x", "postgres://ann:hunter2/y@h/x",
        "postgres://ann@127.0.0.1:1/x?password=hunter2&hunter2=1", "mysql://ann:hunter2@host/x",
        "postgres://ann:p@hunter2@/x", "postgres://ann:1@[hunter2]/x"}) {
    const auto told = complaint(url);
    EXPECT_FALSE(told.empty()) << url;
    EXPECT_EQ(told.find("hun"), std::string::npos) << told;
    EXPECT_EQ(told.find("ter2"), std::string::npos) << told;
  }
}

TEST(PostgresFailure, a_refused_connection_says_why) {
  EXPECT_EQ(complaint("postgres://ann:hunter2@127.0.0.1:1/x"), "postgres: cannot connect: Connection refused");
  EXPECT_EQ(postgres::describe_refusal("connection to server failed: FATAL:  database \"x\" does not exist\n"),
            "postgres: cannot connect: database \"x\" does not exist");
}

}  // namespace
}  // namespace cardea::db
