// While a PostgreSQL database is moved nobody opens it; while a server listens, nobody moves it.
#include <chrono>

#include "db/move_lock.hpp"
#include "tests/support/ear.hpp"
#include "tests/support/engines.hpp"
#include "tests/support/postgres.hpp"

namespace cardea::db {
namespace {

using namespace std::chrono_literals;
using testing_support::Ear;
using testing_support::FreshDatabase;
using testing_support::Schema;

class MoveLock : public ::testing::Test {
 protected:
  /// Who is in the way of a move; empty: nobody.
  std::string in_the_way() {
    return mover_->read([](Tx& tx) { return take_database_alone(tx).value_or(""); });
  }
  const FreshDatabase fresh_{"postgres", Schema::migrated};
  const std::unique_ptr<Database> mover_ = db::open(fresh_.url(), {.pool = 1, .use = Use::look});
};

TEST_F(MoveLock, keeps_everybody_from_opening_what_is_moved_and_is_free_afterwards) {
  mover_->read([&](Tx& tx) {
    EXPECT_FALSE(take_database_alone(tx));
    try {
      (void)db::open(fresh_.url(), {});
      ADD_FAILURE() << "opened while it is moved";
    } catch (const DatabaseError& problem) {
      EXPECT_NE(std::string{problem.what()}.find("is being moved"), std::string::npos) << problem.what();
    }
  });
  (void)db::open(fresh_.url(), {});
}

TEST_F(MoveLock, is_not_had_while_a_server_listens_whatever_it_is_called_or_has_a_connection) {
  EXPECT_EQ(in_the_way(), "");
  {
    const auto server = db::open(fresh_.url() + "&application_name=other", {.pool = 1});
    EXPECT_EQ(in_the_way(), "") << "idle, and not to be told from other programs";
    Ear ear{server->bus()};
    server->bus().start();
    ASSERT_TRUE(ear.hears("regained", 1, 5s));
    EXPECT_NE(in_the_way().find("a server"), std::string::npos) << in_the_way();
  }
  const auto command = db::open(fresh_.url(), {.pool = 1});
  EXPECT_NE(in_the_way().find("1 connections of Cardea's"), std::string::npos) << in_the_way();
}

}  // namespace
}  // namespace cardea::db
