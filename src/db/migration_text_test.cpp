#include "db/migration_text.hpp"

#include <gtest/gtest.h>

namespace cardea::db {
namespace {

using Texts = std::vector<std::string_view>;

TEST(SplitStatements, each_ends_with_a_semicolon_at_the_end_of_a_line) {
  EXPECT_EQ(split_statements("A;\nB\n  C;  \nD;"), (Texts{"A;", "B\n  C;", "D;"}));
}

TEST(SplitStatements, a_semicolon_within_a_line_ends_nothing) {
  EXPECT_EQ(split_statements("INSERT 'a;b' x\ny;\n"), (Texts{"INSERT 'a;b' x\ny;"}));
}

TEST(SplitStatements, comments_and_blanks_alone_are_no_statement) {
  EXPECT_EQ(split_statements("-- about;\n\n  \nA;\n-- the end;\n"), (Texts{"A;"}));
  EXPECT_TRUE(split_statements("").empty());
  EXPECT_TRUE(split_statements("-- nothing").empty());
}

TEST(SplitStatements, a_comment_inside_a_statement_does_not_end_it) {
  EXPECT_EQ(split_statements("A (\n  -- first;\n  b\n);\n"), (Texts{"A (\n  -- first;\n  b\n);"}));
}

TEST(SplitStatements, a_last_statement_may_lack_its_semicolon) {
  EXPECT_EQ(split_statements("A;\nB"), (Texts{"A;", "B"}));
}

TEST(SplitStatements, windows_line_ends_are_line_ends) {
  EXPECT_EQ(split_statements("A;\r\nB;\r\n"), (Texts{"A;", "B;"}));
}

TEST(ForEngine, its_hints_are_read_and_those_of_others_stay_comments) {
  constexpr std::string_view statement = "CREATE TABLE a (b) /* sqlite: WITHOUT ROWID */ /* postgres: WITH (c) */;";
  EXPECT_EQ(for_engine(statement, "sqlite"), "CREATE TABLE a (b) WITHOUT ROWID /* postgres: WITH (c) */;");
  EXPECT_EQ(for_engine(statement, "postgres"), "CREATE TABLE a (b) /* sqlite: WITHOUT ROWID */ WITH (c);");
}

TEST(ForEngine, a_statement_without_hints_or_with_half_of_one_is_left_alone) {
  for (const auto* statement : {"CREATE TABLE a (b);", "A /* b */;", "A /* sqlite: B;", "A /* sqlite */;", ""}) {
    EXPECT_EQ(for_engine(statement, "sqlite"), statement);
  }
}

TEST(Checksum, is_fnv_1a_and_notices_a_change) {
  EXPECT_EQ(checksum(""), "cbf29ce484222325");
  EXPECT_EQ(checksum("foobar"), "85944171f73967e8");  // from the algorithm's published test suite
  EXPECT_NE(checksum("A;"), checksum("B;"));
}

}  // namespace
}  // namespace cardea::db
