#pragma once
// The life of a transaction, the same on both engines: begin, work, commit or roll back, and again on a conflict.
// Internal to db.

#include <functional>

#include "db/pool.hpp"
#include "db/session.hpp"

namespace cardea::db {

using SessionPool = Pool<Session>;

/// How often and how long conflicts are retried; whichever ends first.
struct Patience {
  int attempts = 50;
  Duration total = std::chrono::seconds{10};
  std::function<void()> on_retry = {};  // must not throw
  const EndOfWaits* ends = nullptr;  // earlier than that; null: nobody shortens it
};

/// Where transactions run, and who is told of them.
struct Place {
  SessionPool& pool;
  Bus& bus;
};

/// Runs `work` until it is committed or rolled back; then delivers what it announced and runs its after-commit
/// actions, holding no connection. Throws DatabaseError when patience ends, and whatever `work` throws.
void transact(Place place, Access access, const std::function<Verdict(Tx&)>& work, const Patience& patience);

/// Runs one statement that is a transaction of its own, again on a conflict.
void run_alone(SessionPool& pool, Access access, const std::function<void(Tx&)>& statement, const Patience& patience);

/// Throws DatabaseError unless a connection can be had within half a second, and answers.
void ping(SessionPool& pool);

}  // namespace cardea::db
