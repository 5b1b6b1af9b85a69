// The program is asked to end under load: what it has begun it finishes, and then it ends well.
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <functional>

#include "tests/crash/crowd.hpp"
#include "tests/support/postgres.hpp"
#include "tests/support/program.hpp"
#include "tests/support/promises.hpp"

namespace cardea::crash {
namespace {

using testing_support::expect_kept;
using testing_support::expect_whole;
using testing_support::Folder;
using testing_support::held;
using testing_support::Ledger;
using testing_support::Program;
using testing_support::request_text;
using testing_support::run;
using testing_support::sign_up_body;

/// A request whose head the program has read, which "100 Continue" proves, and whose body it still waits for.
struct Begun {
  std::unique_ptr<testing_support::RawClient> connection;
  std::string uid;
  std::string body;
};

Begun begin_sign_up(std::uint16_t port, const std::string& uid) {
  Begun begun{.connection = std::make_unique<testing_support::RawClient>(port), .uid = uid, .body = {}};
  const std::string whole = request_text("POST", "/v1/signup", sign_up_body(uid), {}, "Expect: 100-continue\r\n");
  const auto end_of_head = whole.find("\r\n\r\n") + 4;
  begun.body = whole.substr(end_of_head);
  EXPECT_TRUE(begun.connection->send(whole.substr(0, end_of_head)));
  const auto go_on = begun.connection->receive_head();
  EXPECT_TRUE(go_on && go_on->status == 100);
  return begun;
}

TEST(Stop, requests_in_flight_are_answered_and_nothing_acknowledged_is_lost) {
  const Folder folder;
  Ledger ledger;
  {
    Program program{folder};
    Crowd crowd{program.port(), "one", 7, ledger};
    std::vector<Begun> begun;
    for (const auto* uid : {"begun.bb", "begun.cc", "begun.dd", "begun.ff"}) {
      begun.push_back(begin_sign_up(program.port(), uid));
    }
    EXPECT_TRUE(ledger.wait_for(30));
    program.send(SIGTERM);
    crowd.wait();  // the program has turned its visitors away, so it has heard the signal
    for (auto& each : begun) {
      ASSERT_TRUE(each.connection->send(each.body)) << each.uid;
      const auto answer = each.connection->receive();
      ASSERT_TRUE(answer) << each.uid << " was in flight and got no answer";
      EXPECT_EQ(answer->status, 201) << answer->body;
      ledger.account(each.uid, held(*answer));
    }
    EXPECT_EQ(program.wait(), 0) << program.log();
    EXPECT_EQ(program.log().find("drain_incomplete"), std::string::npos);
  }
  const std::string url = "sqlite:" + (folder.path() / "data/cardea.db").string();
  expect_whole(*db::open(url, {.readers = 1, .pool = 1}));
  Program again{folder};
  expect_kept(again.port(), ledger);
  again.send(SIGINT);
  EXPECT_EQ(again.wait(), 0) << again.log();
  EXPECT_EQ(run(folder, {"audit", "verify", "--database", url}), 0);
}

/// A program whose clients wait for a lock that somebody else holds is told to end.
void end_while_all_wait(const Folder& folder, const std::string& url, const std::function<void(db::Tx&)>& lock) {
  ::setenv("CARDEA_SERVER__DRAIN", "1s", 1);
  Program program{folder, url.starts_with("sqlite:") ? std::string{} : url};
  ::unsetenv("CARDEA_SERVER__DRAIN");
  const auto database = db::open(url, {.readers = 1, .pool = 1});
  std::vector<Begun> clients;
  database->write_locking([&](db::Tx& tx) {
    lock(tx);
    for (int i = 0; i < 60; ++i) clients.push_back(begin_sign_up(program.port(), "stuck." + std::to_string(100 + i)));
    for (const auto& client : clients) EXPECT_TRUE(client.connection->send(client.body));
    program.send(SIGTERM);
    EXPECT_EQ(program.wait(), 0) << program.log();
  });
  EXPECT_EQ(program.log().find("server.end_forced"), std::string::npos) << "it ends by itself: " << program.log();
  EXPECT_NE(program.log().find("server.stopped"), std::string::npos) << program.log();
  for (const auto& client : clients) {
    const auto answer = client.connection->receive();
    ASSERT_TRUE(answer) << client.uid << " waited and was not told";
    EXPECT_EQ(answer->status, 503) << answer->body;
  }
}

TEST(Stop, comes_in_time_although_the_database_is_locked_and_every_client_hears_of_it) {
  const Folder folder;
  const auto url = "sqlite:" + (folder.path() / "data/cardea.db").string();
  end_while_all_wait(folder, url, [](db::Tx&) {});
}

TEST(Stop, comes_in_time_although_a_table_of_postgres_is_locked) {
  auto& server = testing_support::Postgres::instance();
  const auto name = server.create_database();
  const Folder folder;
  end_while_all_wait(folder, server.url(name), [](db::Tx& tx) { tx.run("LOCK TABLE account"); });
  server.drop_database(name);
}

}  // namespace
}  // namespace cardea::crash
