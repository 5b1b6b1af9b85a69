// What a table's rows come to, and `cardea move` from one SQLite file to another.
#include <gtest/gtest.h>

#include <filesystem>

#include "app/command_fixture.hpp"
#include "app/move_target.hpp"
#include "app/table_digest.hpp"
#include "app/talk.hpp"
#include "db/migrate.hpp"
#include "db/move_lock.hpp"

namespace cardea::app {
namespace {

using db::Null;
using db::Values;

TableDigest digest(const std::vector<Values>& rows) {
  TableDigest digest;
  for (const auto& row : rows) digest.add(row);
  return digest;
}

TEST(TableDigest, does_not_depend_on_the_order_of_rows) {
  const Values a{std::int64_t{1}, std::string{"a"}};
  const Values b{std::int64_t{2}, std::string{"b"}};
  const Values c{std::int64_t{3}, Null{}};
  EXPECT_EQ(digest({a, b, c}), digest({c, a, b}));
  EXPECT_EQ(digest({a, b, c}).text(), digest({b, c, a}).text());
  EXPECT_EQ(digest({a, b, c}).rows(), 3);
}

TEST(TableDigest, tells_every_difference) {
  const std::vector<std::vector<Values>> contents{
      {},
      {Values{Null{}, Null{}}},
      {Values{std::string{}, Null{}}},
      {Values{Null{}, std::string{}}},
      {Values{Bytes{}, Null{}}},
      {Values{std::int64_t{0}, Null{}}},
      {Values{std::int64_t{-1}, Null{}}},
      {Values{std::string{"0"}, Null{}}},
      {Values{std::string{"ab"}, std::string{"c"}}},
      {Values{std::string{"a"}, std::string{"bc"}}},
      {Values{Bytes{'a'}, std::string{"bc"}}},
      {Values{std::string{"a"}, std::string{"bc"}}, Values{std::string{"a"}, std::string{"bc"}}},
      {Values{std::string{"a"}, std::string{"bc"}}, Values{Null{}, Null{}}},
  };
  for (std::size_t i = 0; i < contents.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) EXPECT_NE(digest(contents[i]), digest(contents[k])) << i << " " << k;
  }
}

class MoveCommand : public ::testing::Test {
 protected:
  MoveCommand() {
    if (mkdtemp(folder_.data()) == nullptr) throw std::runtime_error{"no folder"};
    EXPECT_EQ(run_command({"migrate", "up", "--database", from()}).code, 0);
    change(from(), "INSERT INTO signing_key VALUES ('k', 'x', 'x', x'00', 1, 1, NULL, 9223372036854775807)");
  }
  ~MoveCommand() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  [[nodiscard]] std::string from() const { return "sqlite:" + folder_ + "/from.db"; }
  [[nodiscard]] std::string to() const { return "sqlite:" + folder_ + "/to/to.db"; }
  static void change(const std::string& url, db::Sql<> sql) { db::open(url, {.readers = 1})->run(sql); }
  void move(int code, std::string_view words) const {
    const auto run = run_command({"move", "--database", from(), "--to", to()});
    const auto said = run.printed + run.complained;
    EXPECT_EQ(run.code, code) << said;
    EXPECT_NE(said.find(words), std::string::npos) << said;
  }

  std::string folder_ = std::filesystem::temp_directory_path() / "cardea-move-XXXXXX";
};

TEST_F(MoveCommand, copies_and_then_compares_as_often_as_it_is_run) {
  move(0, "is in " + to() + " now");
  for (const char* trace : {"/from.db-wal", "/from.db-shm", "/to/to.db-wal"}) {
    EXPECT_FALSE(std::filesystem::exists(folder_ + trace)) << trace;
  }
  const auto row = db::open(to(), {.readers = 1})->read_one("SELECT published_until, signs_until FROM signing_key");
  EXPECT_EQ(row->integer(0), std::numeric_limits<std::int64_t>::max());
  EXPECT_TRUE(row->is_null(1));
  move(0, "had been moved before, and all of it is the same");
  change(to(), "UPDATE signing_key SET signs_from = 2");
  move(exit_code::conflict, "has changed since");
}

TEST_F(MoveCommand, goes_on_only_where_its_own_was_begun) {
  const auto identity = db::open(from(), {.readers = 1})->read([](db::Tx& tx) { return identity_of(tx); });
  {
    const auto target = db::open(to(), {.readers = 1});
    begin_target(*target, identity, Time{});
    EXPECT_EQ(look_at_target(*target, identity).state, MoveTarget::State::begun);
    EXPECT_EQ(look_at_target(*target, "another").state, MoveTarget::State::unfit);
    const auto states = db::migration_states(*target, db::embedded_migrations());
    EXPECT_EQ(states.back().name, db::unfinished_move) << "config check looks for it";
    EXPECT_THROW(db::migrate(*target, db::embedded_migrations(), Time{}), db::DatabaseError);
  }
  change(to(), "INSERT INTO signing_key VALUES ('k', 'else', 'x', x'00', 1, 1, NULL, 1)");
  move(0, "A move that was begun before goes on");
  EXPECT_EQ(db::open(to(), {.readers = 1})->read_one("SELECT algorithm FROM signing_key")->text(0), "x");
}

TEST_F(MoveCommand, does_not_fill_what_is_not_empty_or_of_somebody_else) {
  ASSERT_EQ(run_command({"migrate", "up", "--database", to()}).code, 0);
  change(to(), "INSERT INTO signing_key VALUES ('mine', 'x', 'x', x'00', 1, 1, NULL, 1)");
  move(exit_code::conflict, "it is not empty: there are rows in signing_key");
  EXPECT_EQ(db::open(to(), {.readers = 1})->read_one("SELECT kid FROM signing_key")->text(0), "mine");
}

}  // namespace
}  // namespace cardea::app
