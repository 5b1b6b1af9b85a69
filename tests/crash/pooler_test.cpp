// The real program behind PgBouncer: many sign-ups at once, and a pooler that nobody named.
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <sstream>

#include "tests/support/engines.hpp"
#include "tests/support/pgbouncer.hpp"
#include "tests/support/postgres.hpp"
#include "tests/support/program.hpp"
#include "tests/support/visitor.hpp"
#include "tests/support/within.hpp"

namespace cardea::crash {
namespace {

using namespace std::chrono_literals;
using testing_support::Announced;
using testing_support::Folder;
using testing_support::held;
using testing_support::PgBouncer;
using testing_support::Postgres;
using testing_support::Program;
using testing_support::Visitor;
using testing_support::within;

constexpr int crowd = 96;

/// "uabc": letters alone, so that no two look alike.
std::string uid_of(int number) {
  std::string uid = "u";
  for (int rest = number + 49; rest > 0; rest /= 7) uid += "bcdfghk"[rest % 7];
  return uid;
}

class Pooler : public ::testing::Test {
 protected:
  ~Pooler() override { Postgres::instance().drop_database(name_); }
  /// Words of `cardea dev` on that database, with these lines in its file.
  std::vector<std::string> dev(const std::string& database, const std::string& lines) {
    std::ofstream{folder_.path() / "cardea.toml"} << lines << "[server]\nheavy_queue = 512\n";
    return {"dev",    "--data",   folder_.path() / "data",       "--listen", "127.0.0.1:0", "--database",
            database, "--config", folder_.path() / "cardea.toml"};
  }
  /// Signs up many at once, and says how often that succeeded.
  static int sign_up_all(std::uint16_t port) {
    std::atomic<int> succeeded = 0;
    testing_support::race(crowd, [&](int i) {
      const auto answer = Visitor{port}.sign_up(uid_of(i));
      if (answer && answer->status == 201) ++succeeded;
    });
    return succeeded;
  }
  static int status(std::uint16_t port, const std::string& target, const std::string& credential = {}) {
    const auto answer = Visitor{port}.ask("GET", target, {}, credential);
    return answer ? answer->status : 0;
  }

  const Folder folder_;
  const std::string name_ = Postgres::instance().create_database();
};

TEST_F(Pooler, in_transaction_mode_serves_many_sign_ups_at_once_and_processes_hear_each_other_past_it) {
  const PgBouncer pooler{Postgres::instance(), "transaction", 20};
  const auto words =
      dev(pooler.url(name_), "database_pooler = true\ndatabase_direct = \"" + Postgres::instance().url(name_) + "\"\n");
  Program here{folder_, words, Announced::port};
  EXPECT_EQ(sign_up_all(here.port()), crowd) << here.log();
  Program there{folder_, words, Announced::port};
  const auto in = held(*Visitor{there.port()}.sign_in(uid_of(3)));
  const std::string cookie = "Cookie: " + in.cookie;
  EXPECT_EQ(status(here.port(), "/v1/session", cookie), 200);
  EXPECT_EQ(Visitor{there.port()}.ask("DELETE", "/v1/me/sessions/" + in.id, {}, cookie)->status, 204);
  EXPECT_TRUE(within(1s, [&] { return status(here.port(), "/v1/session", cookie) == 401; }));
  EXPECT_EQ(status(here.port(), "/readyz"), 200);
  here.send(SIGTERM);
  EXPECT_EQ(here.wait(), 0) << here.log();
}

TEST_F(Pooler, in_transaction_mode_without_a_way_past_it_asks_the_database_each_time) {
  const PgBouncer pooler{Postgres::instance(), "transaction", 20};
  const auto words = dev(pooler.url(name_), "database_pooler = true\n");
  Program here{folder_, words, Announced::port};
  Program there{folder_, words, Announced::port};
  EXPECT_TRUE(here.says("bus.off", 0s)) << here.log();
  EXPECT_EQ(sign_up_all(here.port()), crowd) << here.log();
  const auto in = held(*Visitor{here.port()}.sign_in(uid_of(3)));
  const std::string cookie = "Cookie: " + in.cookie;
  EXPECT_EQ(status(there.port(), "/v1/session", cookie), 200);
  EXPECT_EQ(Visitor{here.port()}.ask("DELETE", "/v1/me/sessions/" + in.id, {}, cookie)->status, 204);
  EXPECT_EQ(status(there.port(), "/v1/session", cookie), 401) << "at once";
}

TEST_F(Pooler, in_session_mode_serves_as_many_with_fewer_connections) {
  const PgBouncer pooler{Postgres::instance(), "session", 12};
  Program program{folder_, dev(pooler.url(name_), "database_connections = 11\n"), Announced::port};
  EXPECT_TRUE(program.says("bus.connected")) << program.log();
  EXPECT_EQ(sign_up_all(program.port()), crowd) << program.log();
}

TEST_F(Pooler, in_transaction_mode_that_nobody_named_ends_the_start_with_what_to_do) {
  const PgBouncer pooler{Postgres::instance(), "transaction", 20};
  Program program{folder_, dev(pooler.url(name_), "")};
  EXPECT_TRUE(program.says("Set database_pooler = true")) << program.log();
  EXPECT_EQ(program.wait(), 1);
  Program deaf{folder_,
               dev(pooler.url(name_), "database_pooler = true\ndatabase_direct = \"" + pooler.url(name_) + "\"\n")};
  EXPECT_TRUE(deaf.says("database_direct to the server's own address")) << deaf.log();
  EXPECT_EQ(deaf.wait(), 1);
}

}  // namespace
}  // namespace cardea::crash
