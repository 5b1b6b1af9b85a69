// What happens to PostgreSQL, and to the network on the way to it.
#include <cerrno>
#include <cstdlib>
#include <fstream>

#include "db/database.hpp"
#include "tests/fault/scene.hpp"
#include "tests/support/cutting_proxy.hpp"
#include "tests/support/within.hpp"

namespace cardea::fault {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

const std::string unreachable = "503 storage.unreachable";
class Server : public Scene {
 protected:
  void expect_unreachable() {
    EXPECT_TRUE(load().meets(unreachable)) << program().log();
    EXPECT_TRUE(becomes_ready(unreachable, 5s));
  }
  /// The file of a table or an index.
  [[nodiscard]] fs::path file_of(const std::string& relation) {
    const auto other = db::open(database_url(), {.readers = 1, .pool = 1});
    return postgres().data() / other->read([&](db::Tx& tx) {
      return tx.one("SELECT pg_relation_filepath($1::text::regclass)", relation)->text(0);
    });
  }
  static void damage(const fs::path& file, char value) {
    std::fstream pages{file, std::ios::in | std::ios::out | std::ios::binary};
    pages << std::string(fs::file_size(file), value) << std::flush;
  }
  /// With owners and modes.
  static void copy(const fs::path& from, const fs::path& to) {
    ASSERT_EQ(std::system(("cp -a '" + from.string() + "' '" + to.string() + "'").c_str()), 0);
  }
  /// That log and metrics know that it was and is no longer.
  void expect_told() {
    EXPECT_GT(metric("cardea_database_errors_total{kind=\"unreachable\"}"), 0);
    EXPECT_TRUE(program().says("database.failed", 5s));
    EXPECT_TRUE(program().says("database.recovered", 5s));
  }
};
INSTANTIATE_TEST_SUITE_P(engines, Server, ::testing::Values("postgres"), [](const auto& each) { return each.param; });

TEST_P(Server, restarted) {
  start();
  postgres().stop();
  expect_unreachable();
  start_postgres();
  EXPECT_TRUE(heals(20s));
  expect_told();
  const auto clients = expect({.some = {unreachable}});
  expect_everything_kept();
  row("PostgreSQL is restarted", clients, told("unreachable"), "by itself");
}

TEST_P(Server, killed) {
  start();
  kill_and_restart_postgres();
  EXPECT_TRUE(heals(30s));
  expect_told();
  const auto clients = expect({.some = {unreachable}});
  expect_everything_kept();
  row("PostgreSQL is killed and started", clients, told("unreachable"), "by itself, when it has recovered");
}

/// It ends then, whatever it was that kept it from writing: what it cannot log did not happen.
TEST_P(Server, whose_log_cannot_be_written) {
  start();
  for (const int error : {ENOSPC, EIO, EROFS}) {
    disk_faults().fail_writes(error);
    expect_unreachable();
    disk_faults().fail_writes(0);
    postgres().stop();
    start_postgres();
    EXPECT_TRUE(heals(30s));
  }
  expect_told();
  const auto clients =
      expect({.some = {unreachable}, .also = {"503 storage.unreadable", "503 storage.full", "503 storage.read_only"}});
  expect_everything_kept();
  row("the disk with PostgreSQL's log (WAL) is full, reports errors or becomes read-only", clients, told("unreachable"),
      "by a start of PostgreSQL, when it can write");
}

TEST_P(Server, with_damaged_pages) {
  start();
  load().stop();
  const auto table = file_of("account");
  const auto index = file_of("session_by_id_pkey");
  postgres().stop();
  const testing_support::Folder safe;
  copy(postgres().data(), safe.path() / "data");
  damage(table, '\x5a');  // against its checksum
  damage(index, '\0');    // which has none
  start_postgres();
  load_more();
  EXPECT_TRUE(load().meets("503 storage.corrupt")) << program().log();
  EXPECT_TRUE(becomes_ready("503 storage.corrupt", 5s));
  EXPECT_TRUE(stays_unready("503 storage.corrupt", 2s));
  EXPECT_GT(metric("cardea_database_errors_total{kind=\"corrupt\"}"), 0);
  EXPECT_TRUE(program().says("database.failed", 5s));
  const auto clients = expect({.some = {"503 storage.corrupt"}, .also = {"503 overloaded"}});
  kill();
  postgres().stop();
  fs::remove_all(postgres().data());
  copy(safe.path() / "data", postgres().data());
  start_postgres();
  start_again();
  expect_everything_kept();
  row("damaged pages", clients, told_for_good("corrupt"), "by a restore of PostgreSQL, and a start",
      "what the backup has");
}

TEST_P(Server, of_which_others_have_nearly_every_connection) {
  {
    testing_support::Postgres::Crowd crowd{postgres()};
    crowd.take_all();
    crowd.leave(2);  // one for the bus
    start();
    EXPECT_TRUE(load().goes_on(50)) << program().log();
    EXPECT_EQ(readiness(), "200");
    EXPECT_GT(metric("cardea_database_errors_total{kind=\"busy\"}"), 0);
  }
  EXPECT_TRUE(heals(10s));
  const auto clients = expect({.also = {"503 overloaded"}});
  expect_everything_kept();
  row("others take every connection (`max_connections`) but one of the server's", clients,
      "ready; `cardea_database_errors_total{kind=\"busy\"}`", "by itself");
}

TEST_P(Server, of_which_others_have_every_connection) {
  start();
  {
    testing_support::Postgres::Crowd crowd{postgres()};
    program().send(SIGSTOP);
    crowd.take_from(database());
    program().send(SIGCONT);
    expect_unreachable();
    EXPECT_TRUE(stays_unready(unreachable, 2s));
    EXPECT_TRUE(program().says("too many clients", 1s)) << "the log says why";
  }
  EXPECT_TRUE(heals(10s));
  expect_told();
  const auto clients = expect({.some = {unreachable}});
  expect_everything_kept();
  row("others take every connection", clients, told("unreachable"), "by itself, when there is one");
}

TEST_P(Server, frozen) {
  start();
  postgres().freeze();
  EXPECT_TRUE(becomes_ready("503 does not answer", 5s));
  EXPECT_TRUE(load().meets(unreachable)) << program().log();
  postgres().thaw();
  EXPECT_TRUE(heals(30s));
  const auto clients =
      expect({.some = {unreachable}, .also = {"503 overloaded"}, .changes_within = 20s, .checks_within = 20s});
  expect_everything_kept();
  row("PostgreSQL is frozen (SIGSTOP)", clients,
      "`503`: the database does not answer; `readiness.lost`, `readiness.regained`", "by itself");
}

TEST_P(Server, behind_a_network_that_loses_everything) {
  testing_support::CuttingProxy proxy{database_url()};
  start(proxy.url());
  proxy.freeze();
  EXPECT_TRUE(becomes_ready("503 does not answer", 5s));
  EXPECT_TRUE(load().meets(unreachable)) << program().log();
  proxy.thaw();
  EXPECT_TRUE(heals(30s));
  const auto clients =
      expect({.some = {unreachable}, .also = {"503 overloaded"}, .changes_within = 20s, .checks_within = 20s});
  expect_everything_kept();
  row("the network loses everything", clients,
      "`503`: the database does not answer; `readiness.lost`, `readiness.regained`", "by itself");
}

TEST_P(Server, cut_off_in_a_commit) {
  testing_support::CuttingProxy proxy{database_url()};
  start(proxy.url());
  using Cut = testing_support::CuttingProxy::Cut;
  for (const auto cut :
       {Cut::before_commit, Cut::after_commit, Cut::any_answer, Cut::before_commit, Cut::after_commit}) {
    const int before = proxy.cuts();
    proxy.cut_next(cut);
    EXPECT_TRUE(testing_support::within(10s, [&] { return proxy.cuts() > before; }));
  }
  EXPECT_TRUE(heals(10s));
  expect_told();
  const auto clients = expect({.some = {unreachable}});
  expect_everything_kept();
  row("the connection is cut at COMMIT, before or after it is carried out", clients, told("unreachable"),
      "by itself; who tries again finds what became of it");
}

}  // namespace
}  // namespace cardea::fault
