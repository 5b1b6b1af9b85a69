#include "db/select.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace cardea::db {
namespace {

TEST(Select, the_pieces_are_numbered_in_the_order_of_the_text) {
  Select select{"SELECT id, $? FROM thing", "label"};
  select.order_by("size, id", Direction::descending).after(7, 8).limit(9);
  select.where("a = $? OR b = $?", 1, 2).where("c = '$?'").where("d = $?", 3);
  EXPECT_EQ(select.text(),
            "SELECT id, $1 FROM thing WHERE (a = $2 OR b = $3) AND (c = '$?') AND (d = $4) "
            "AND ((size, id) < ($5, $6)) ORDER BY size DESC, id DESC LIMIT $7");
  const auto params = select.params();
  ASSERT_EQ(params.size(), 7U);
  EXPECT_EQ(std::get<std::string_view>(params[0]), "label");
  for (std::size_t i = 1; i < 4; ++i) EXPECT_EQ(std::get<std::int64_t>(params[i]), static_cast<std::int64_t>(i));
  for (std::size_t i = 4; i < 7; ++i) EXPECT_EQ(std::get<std::int64_t>(params[i]), static_cast<std::int64_t>(i) + 3);
}

TEST(Select, nothing_added_is_nothing_in_the_text) {
  EXPECT_EQ(Select{"SELECT id FROM thing"}.text(), "SELECT id FROM thing");
  EXPECT_TRUE(Select{"SELECT id FROM thing"}.params().empty());
}

TEST(Select, it_owns_its_values) {
  Select select{"SELECT id FROM thing"};
  {
    const std::string text(100, 'x');
    select.where("label = $? AND payload = $?", text, Bytes(100, 7));
  }
  EXPECT_EQ(std::get<std::string_view>(select.params()[0]), std::string(100, 'x'));
  EXPECT_EQ(to_bytes(std::get<BytesView>(select.params()[1])), Bytes(100, 7));
}

TEST(Condition, those_that_hold_together_are_one_and_keep_their_values) {
  const Condition both = Condition{"a = $? OR b = 'it''s $?'", std::string(100, 'x')}.and_also({"c IN ($?, $?)", 2, 3});
  std::vector<Param> params;
  both.append_to(params);
  ASSERT_EQ(params.size(), 3U);
  EXPECT_EQ(std::get<std::string_view>(params[0]), std::string(100, 'x'));
  EXPECT_EQ(std::get<std::int64_t>(params[2]), 3);
  EXPECT_EQ(text_asking(std::vector{both, Condition{"d = $?", 4}}),
            "SELECT CASE WHEN (a = $1 OR b = 'it''s $?') AND (c IN ($2, $3)) THEN 1 ELSE 0 END, "
            "CASE WHEN (d = $4) THEN 1 ELSE 0 END");
}

TEST(Select, a_position_fits_the_order) {
  EXPECT_THROW(Select{"SELECT id FROM thing"}.after(1), std::logic_error);
  Select select{"SELECT id FROM thing"};
  select.order_by("size, id", Direction::ascending);
  EXPECT_THROW(select.after(1), std::logic_error);
  select.after(1, 2);
  EXPECT_THROW(select.order_by("id", Direction::ascending), std::logic_error);
}

// What the compiler judges, asked about texts that it must refuse.
static_assert(count_places("a = $? AND b IN ($?, ')$?', $?)") == 3);
static_assert(count_places("a = 'it''s; -- /* \" $1'") == 0);
static_assert(count_places("") == -1);
static_assert(count_places("a = 'x") == -1);
static_assert(count_places("a = 1) OR (b = 1") == -1);
static_assert(count_places("(a = 1") == -1);
static_assert(count_places("a = 1; DELETE FROM thing") == -1);
static_assert(count_places("a = 1 -- rest") == -1);
static_assert(count_places("a = 1 /* rest") == -1);
static_assert(count_places("a = $1") == -1);
static_assert(count_places("a = $") == -1);
static_assert(count_places("\"a\" = 1") == -1);
static_assert(count_places("a = E'\\'' OR b") == -1);
static_assert(has_clause("SELECT a FROM b WHERE c", " WHERE "));
static_assert(!has_clause("SELECT (SELECT a FROM b WHERE c) FROM d", " WHERE "));
static_assert(count_columns("id") == 1);
static_assert(count_columns("a.value, account_id") == 2);
static_assert(count_columns("") == 0);
static_assert(count_columns("id,") == 0);
static_assert(count_columns("id, ") == 0);
static_assert(count_columns("a,b") == 0);
static_assert(count_columns("id DESC") == 0);
static_assert(count_columns("id; x") == 0);

}  // namespace
}  // namespace cardea::db
