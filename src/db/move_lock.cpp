#include "db/move_lock.hpp"

#include <chrono>
#include <thread>

namespace cardea::db {
namespace {

// A connection of a process that was killed is there until the server has noticed.
constexpr std::chrono::seconds patience{3};
constexpr std::chrono::milliseconds looks_again_after{100};

std::optional<std::string> in_the_way(Tx& tx) {
  if (!tx.one("SELECT pg_try_advisory_xact_lock(1130459748, 1)")->flag(0)) return "a server or another move uses it";
  // A server that a pooler keeps from holding a lock, or that has just begun.
  tx.run("SELECT pg_stat_clear_snapshot()");
  const auto others = tx.one(
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
      "AND application_name = 'cardea'");
  if (others->integer(0) == 0) return std::nullopt;
  return std::to_string(others->integer(0)) +
         " connections of Cardea's to it are open (application_name cardea in pg_stat_activity; a pooler keeps them a "
         "while after a server has ended)";
}

}  // namespace

bool is_being_moved(Tx& tx) { return !tx.one("SELECT pg_try_advisory_xact_lock_shared(1130459748, 1)")->flag(0); }

std::optional<std::string> take_database_alone(Tx& tx) {
  for (const auto end = std::chrono::steady_clock::now() + patience;;) {
    auto other = in_the_way(tx);
    if (!other || std::chrono::steady_clock::now() >= end) return other;
    std::this_thread::sleep_for(looks_again_after);
  }
}

}  // namespace cardea::db
