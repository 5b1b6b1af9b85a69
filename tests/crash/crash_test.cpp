// The program is killed under load, after a number of promises that a seed chooses: no promise it gave is broken.
//
// CARDEA_CRASH_SEED=<number> repeats a run's choices, as far as the machine's timing lets it.
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <random>
#include <thread>

#include "tests/crash/crowd.hpp"
#include "tests/support/postgres.hpp"
#include "tests/support/program.hpp"
#include "tests/support/promises.hpp"

namespace cardea::crash {
namespace {

using testing_support::expect_kept;
using testing_support::expect_whole;
using testing_support::Folder;
using testing_support::Ledger;
using testing_support::Program;
using testing_support::run;

std::uint64_t seed() {
  static const std::uint64_t value = [] {
    const char* given = std::getenv("CARDEA_CRASH_SEED");
    const std::uint64_t chosen = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
    std::cout << "CARDEA_CRASH_SEED=" << chosen << std::endl;
    return chosen;
  }();
  return value;
}

/// One round: load, kill at a random acknowledgement, look inside, start again, and ask for everything promised.
void round(const Folder& folder, const std::string& url, const std::string& names, std::mt19937_64& random) {
  const int promises = static_cast<int>(40 + random() % 160);
  const auto delay = std::chrono::microseconds{random() % 4000};  // into the middle of somebody's transaction
  SCOPED_TRACE("killed after " + std::to_string(promises) + " promises, seed " + std::to_string(seed()));
  Ledger ledger;
  {
    Program program{folder, url};
    Crowd crowd{program.port(), names, random(), ledger};
    EXPECT_TRUE(ledger.wait_for(promises));
    std::this_thread::sleep_for(delay);
    program.kill();
    crowd.wait();
  }
  const std::string database_url = url.empty() ? "sqlite:" + (folder.path() / "data/cardea.db").string() : url;
  expect_whole(*db::open(database_url, {.readers = 1, .pool = 1}));
  Program again{folder, url};
  expect_kept(again.port(), ledger);
  again.send(SIGTERM);
  EXPECT_EQ(again.wait(), 0) << again.log();
  EXPECT_EQ(run(folder, {"audit", "verify", "--database", database_url}), 0);
}

TEST(Crash, killed_program_keeps_its_promises_on_sqlite) {
  std::mt19937_64 random{seed()};
  const Folder folder;
  for (const auto* names : {"one", "two", "three"}) round(folder, {}, names, random);
}

TEST(Crash, killed_program_keeps_its_promises_on_postgres) {
  std::mt19937_64 random{seed() + 1};
  testing_support::Postgres server{testing_support::Durability::full};
  const Folder folder;
  round(folder, server.url(server.create_database()), "one", random);
}

TEST(Crash, killed_database_keeps_what_the_program_promised) {
  std::mt19937_64 random{seed() + 2};
  testing_support::Postgres server{testing_support::Durability::full};
  const Folder folder;
  const std::string url = server.url(server.create_database());
  const int promises = static_cast<int>(20 + random() % 40);
  SCOPED_TRACE("killed after " + std::to_string(promises) + " promises, seed " + std::to_string(seed()));
  Ledger ledger;
  {
    Program program{folder, url};
    Crowd crowd{program.port(), "one", random(), ledger, Surprise::unavailable};
    EXPECT_TRUE(ledger.wait_for(promises));
    server.kill_and_restart();
    program.kill();
    crowd.wait();
  }
  expect_whole(*db::open(url, {.readers = 1, .pool = 1}));
  const Program again{folder, url};
  expect_kept(again.port(), ledger);
}

}  // namespace
}  // namespace cardea::crash
