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

TEST(PostgresFailure, has_a_kind_by_its_state) {
  const std::vector<std::pair<std::string_view, Failure>> states{
      {"", Failure::unreachable},      {"08006", Failure::unreachable},    {"57P01", Failure::unreachable},
      {"57P03", Failure::unreachable}, {"53100", Failure::full},           {"53300", Failure::busy},
      {"57014", Failure::busy},        {"55P03", Failure::busy},           {"58030", Failure::unreadable},
      {"53200", Failure::busy},        {"57P02", Failure::unreachable},    {"58P01", Failure::unreadable},
      {"25006", Failure::read_only},   {"XX001", Failure::corrupt},        {"XX002", Failure::corrupt},
      {"XX000", Failure::refused},     {"22P05", Failure::wrong_encoding}, {"42P01", Failure::missing},
      {"42501", Failure::refused},     {"23503", Failure::refused},        {"3D000", Failure::missing},
  };
  for (const auto& [state, failure] : states) EXPECT_EQ(postgres::failure_of(state), failure) << state;
}

TEST(PostgresFailure, of_a_read_only_disk_is_told_from_a_right_that_is_missing) {
  EXPECT_EQ(postgres::failure_of("42501", "could not extend file \"base/5/16384\": Read-only file system"),
            Failure::read_only);
  EXPECT_EQ(postgres::failure_of("42501", "permission denied for table account"), Failure::refused);
}

TEST(PostgresFailure, only_a_refusal_that_may_pass_is_worth_another_try) {
  const auto is_passing = [](std::string_view message) {
    return postgres::failure_of_refusal(message) == Failure::unreachable;
  };
  for (const std::string_view message :
       {"connection to server at \"127.0.0.1\", port 5432 failed: Connection refused", "timeout expired",
        "connection to server on socket \"/run/x\" failed: No such file or directory",
        "could not translate host name \"db\" to address: Name or service not known",
        "server closed the connection unexpectedly", "FATAL:  the database system is starting up",
        "FATAL:  the database system is shutting down", "FATAL:  the database system is in recovery mode",
        "FATAL:  the database system is not yet accepting connections", "FATAL:  sorry, too many clients already",
        "FATAL:  server login has been failing, try again later (server_login_retry)",
        "FATAL:  pgbouncer cannot connect to server", "FATAL:  query_wait_timeout",
        "FATAL:  client_login_timeout (server down)", "FATAL:  das Datenbanksystem startet",
        "connection to server at \"::1\", port 5432 failed: ВАЖНО:  система баз данных запускается",
        "致命错误:  数据库系统启动中", "FATAL:  désolé, trop de clients sont déjà connectés"}) {
    EXPECT_TRUE(is_passing(message)) << message;
    EXPECT_EQ(postgres::is_crowded(message), message.find("clients already") != std::string_view::npos) << message;
  }
  for (const std::string_view message :
       {"FATAL:  password authentication failed for user \"ann\"", "FATAL:  database \"x\" does not exist",
        "FATAL:  role \"ann\" does not exist", "FATAL:  role \"ann\" is not permitted to log in",
        "FATAL:  permission denied for database \"x\"", "FATAL:  database \"x\" is not currently accepting connections",
        "FATAL:  no such database: x", "FATAL:  no pg_hba.conf entry for host \"::1\"",
        "fe_sendauth: no password supplied", "server does not support SSL, but SSL was required",
        "root certificate file \"x\" does not exist"}) {
    EXPECT_FALSE(is_passing(message)) << message;
  }
}

TEST(PostgresFailure, where_others_have_every_connection_those_that_there_are_go_on) {
  for (const std::string_view message :
       {"FATAL:  sorry, too many clients already", "FATAL:  too many connections for role \"ann\"",
        "FATAL:  too many connections for database \"x\"",
        "FATAL:  remaining connection slots are reserved for non-replication superuser connections",
        "FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute",
        "FATAL:  no more connections allowed (max_client_conn)"}) {
    EXPECT_TRUE(postgres::is_crowded(message)) << message;
    EXPECT_EQ(postgres::failure_of_refusal(message), Failure::unreachable) << message;
  }
  EXPECT_FALSE(postgres::is_crowded("FATAL:  too many authentication failures"));
}

TEST(PostgresFailure, where_the_client_library_finds_no_memory_nothing_is_wrong_with_the_server) {
  EXPECT_EQ(postgres::failure_of_refusal("out of memory"), Failure::busy);
  EXPECT_TRUE(postgres::says_out_of_memory("out of memory for query result\n"));
  EXPECT_TRUE(postgres::says_out_of_memory("cannot allocate memory for input buffer\n"));
  EXPECT_FALSE(postgres::says_out_of_memory("FATAL:  out of memory"));
  EXPECT_FALSE(postgres::says_out_of_memory("server closed the connection unexpectedly"));
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
  EXPECT_EQ(postgres::describe_refusal("connection to server failed: ВАЖНО:  роль \"ann\" не существует\n"),
            "postgres: cannot connect: роль \"ann\" не существует");
}

}  // namespace
}  // namespace cardea::db
