#pragma once
// One attempt at a transaction, and its repetition while others are in the way: what every kind of transaction is made
// of. Internal to db.

#include <exception>
#include <functional>
#include <vector>

#include <fmt/format.h>

#include "db/transaction.hpp"

namespace cardea::db {

/// What remains to be done once a transaction has ended: nothing after a roll back.
struct Aftermath {
  std::vector<Announcement> announcements = {};
  std::vector<std::function<void()>> actions = {};
};

/// Rolls back and gives up a connection that did not survive.
void abandon(SessionPool::Lease& lease);

/// Gives up what failed: a conflict, also where the work swallowed it, or what is being handled.
[[noreturn]] void give_up(SessionPool::Lease& lease);

/// What `work` decides. Throws Conflict where it swallowed one: what it decided rests on nothing then.
Verdict decide(Session& session, const std::function<Verdict(Tx&)>& work);

/// One attempt on a connection in a transaction. Throws Conflict when another one is worth it.
Aftermath attempt(SessionPool::Lease& lease, Access access, const std::function<Verdict(Tx&)>& work, Bus& bus);

/// One attempt at a statement that is a transaction of its own. Throws Conflict when another one is worth it.
template <class Statement>
Done attempt_alone(SessionPool::Lease& lease, const Statement& statement) {
  try {
    static_cast<void>(statement(*lease));
    return done;
  } catch (...) {
    give_up(lease);
  }
}

/// Delivers what was announced, and runs the actions.
void follow_up(const Aftermath& aftermath, Bus& bus);

/// Sleeps a random time below a bound that doubles up to 64 ms, so that rivals fall out of step.
void back_off(int tries, Deadline deadline);

/// Begins on a pooled connection, which is dropped when it turns out to be dead.
template <class Begin>
void begin_on(SessionPool::Lease& lease, Begin begin) {
  lease->start_over();
  try {
    begin(*lease);
  } catch (const Conflict&) {
    abandon(lease);
    throw;
  } catch (...) {  // also for want of memory: how far it has come is not known then
    lease.drop();
    throw;
  }
}

/// False when that connection was dead. Nothing has happened yet at that point, so the caller may begin anew elsewhere.
template <class Begin>
bool begins(SessionPool::Lease& lease, Begin begin) {
  try {
    begin_on(lease, begin);
    return true;
  } catch (const Conflict&) {
    throw;
  } catch (const DatabaseError&) {
    return false;
  }
}

/// What `attempt` returns on a connection on which `begin` succeeded. Throws Conflict. `before`: see Pool::acquire.
template <class Begin, class Attempt>
auto on_connection(SessionPool& pool, Deadline deadline, Begin begin, Attempt attempt,
                   std::chrono::nanoseconds before = {}) {
  {
    auto lease = pool.acquire(deadline, before);
    if (begins(lease, begin)) return attempt(lease);
  }
  // A connection died while idle, so its neighbours probably did too (a restarted server): one try on a fresh one.
  pool.close_idle();
  auto lease = pool.acquire(deadline);
  begin_on(lease, begin);
  return attempt(lease);
}

/// What `attempt` returns as soon as it is not a conflict.
template <class Attempt>
auto until_it_works(const Patience& patience, Attempt attempt) {
  const Deadline begun = std::chrono::steady_clock::now();
  for (int tries = 1;; ++tries) {
    const Deadline full = begun + patience.total;
    const Deadline deadline = patience.ends == nullptr ? full : patience.ends->bound(full, begun);
    try {
      return attempt(deadline);
    } catch (const Conflict& conflict) {
      if (tries >= patience.attempts || std::chrono::steady_clock::now() >= deadline) {
        throw DatabaseError(fmt::format("gave up a transaction after {} conflicts; {}", tries, conflict.what()),
                            Failure::busy);
      }
    }
    if (patience.on_retry) patience.on_retry();
    back_off(tries, deadline);
  }
}

}  // namespace cardea::db
