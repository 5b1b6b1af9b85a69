// What happens to PostgreSQL, and to the network on the way to it.
#include <csignal>
#include <thread>

#include "tests/fault/scene.hpp"
#include "tests/support/cutting_proxy.hpp"
#include "tests/support/within.hpp"

namespace cardea::fault {
namespace {

using namespace std::chrono_literals;

const std::string unreachable = "503 storage.unreachable";
class Server : public Scene {
 protected:
  void expect_unreachable() {
    EXPECT_TRUE(load().meets(unreachable)) << program().log();
    EXPECT_TRUE(becomes_ready(unreachable, 5s));
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
