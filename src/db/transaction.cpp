#include "db/transaction.hpp"

#include <algorithm>
#include <random>
#include <thread>

#include <fmt/format.h>

namespace cardea::db {
namespace {

/// What remains to be done once a transaction has ended: nothing after a roll back.
struct Aftermath {
  std::vector<Announcement> announcements = {};
  std::vector<std::function<void()>> actions = {};
};
using SteadyClock = std::chrono::steady_clock;

/// Rolls back and gives up a connection that did not survive.
void abandon(SessionPool::Lease& lease) {
  lease->roll_back();
  lease->start_over();
  if (!lease->is_usable()) lease.drop();
}

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

/// What `attempt` returns on a connection on which `begin` succeeded. Throws Conflict.
template <class Begin, class Attempt>
auto on_connection(SessionPool& pool, Deadline deadline, Begin begin, Attempt attempt) {
  {
    auto lease = pool.acquire(deadline);
    if (begins(lease, begin)) return attempt(lease);
  }
  // A connection died while idle, so its neighbours probably did too (a restarted server): one try on a fresh one.
  pool.close_idle();
  auto lease = pool.acquire(deadline);
  begin_on(lease, begin);
  return attempt(lease);
}

/// Gives up what failed: a conflict, also where the work swallowed it, or what is being handled.
[[noreturn]] void give_up(SessionPool::Lease& lease) {
  const std::string conflict = lease->conflict();
  abandon(lease);
  if (!conflict.empty()) throw Conflict(conflict);
  throw;
}

/// One attempt on a connection in a transaction. Throws Conflict when another one is worth it.
Aftermath attempt(SessionPool::Lease& lease, Access access, const std::function<Verdict(Tx&)>& work, Bus& bus) {
  bool is_committing = false;
  const auto tell = [&] {
    const auto announcements = lease->take_announcements();
    abandon(lease);
    bus.deliver(announcements);
  };
  try {
    const Verdict verdict = work(*lease);
    // Where the work swallowed the exception, what it decided rests on nothing.
    if (!lease->conflict().empty()) throw Conflict(lease->conflict());
    if (verdict == Verdict::roll_back) {
      abandon(lease);
      return Aftermath{};
    }
    if (access == Access::read && lease->has_announced()) throw std::logic_error("a read has nothing to announce");
    is_committing = true;
    lease->commit();
    return Aftermath{.announcements = lease->take_announcements(), .actions = lease->take_after_commit()};
  } catch (const OutcomeUnknown&) {
    tell();
    throw;
  } catch (const std::bad_alloc&) {
    if (!is_committing) give_up(lease);
    tell();  // there was no memory for the answer, which may have been yes
    throw;
  } catch (...) {
    give_up(lease);
  }
}

/// One attempt at a statement that is a transaction of its own. Throws Conflict when another one is worth it.
Done attempt_alone(SessionPool::Lease& lease, const std::function<void(Tx&)>& statement) {
  try {
    statement(*lease);
    return done;
  } catch (...) {
    give_up(lease);
  }
}

/// Sleeps a random time below a bound that doubles up to 64 ms, so that rivals fall out of step.
void back_off(int tries, Deadline deadline) {
  std::minstd_rand spread(static_cast<unsigned>(SteadyClock::now().time_since_epoch().count()) ^
                          static_cast<unsigned>(std::hash<std::thread::id>{}(std::this_thread::get_id())));
  const std::int64_t bound = 1000LL << std::min(tries, 6);
  const Duration wait{std::uniform_int_distribution<std::int64_t>{0, bound}(spread)};
  std::this_thread::sleep_until(std::min(deadline, SteadyClock::now() + wait));
}

/// What `attempt` returns as soon as it is not a conflict.
template <class Attempt>
auto until_it_works(const Patience& patience, Attempt attempt) {
  const Deadline begun = SteadyClock::now();
  for (int tries = 1;; ++tries) {
    const Deadline full = begun + patience.total;
    const Deadline deadline = patience.ends == nullptr ? full : patience.ends->bound(full, begun);
    try {
      return attempt(deadline);
    } catch (const Conflict& conflict) {
      if (tries >= patience.attempts || SteadyClock::now() >= deadline) {
        throw DatabaseError(fmt::format("gave up a transaction after {} conflicts; {}", tries, conflict.what()),
                            Failure::busy);
      }
    }
    if (patience.on_retry) patience.on_retry();
    back_off(tries, deadline);
  }
}

}  // namespace

void transact(Place place, Access access, const std::function<Verdict(Tx&)>& work, const Patience& patience) {
  const auto begin = [&](Session& session) { session.begin(access); };
  const auto run = [&](SessionPool::Lease& lease) { return attempt(lease, access, work, place.bus); };
  const auto aftermath =
      until_it_works(patience, [&](Deadline deadline) { return on_connection(place.pool, deadline, begin, run); });
  place.bus.deliver(aftermath.announcements);
  for (const auto& action : aftermath.actions) action();
}

void run_alone(SessionPool& pool, Access access, const std::function<void(Tx&)>& statement, const Patience& patience) {
  const auto begin = [&](Session& session) { session.begin_alone(access); };
  const auto run = [&](SessionPool::Lease& lease) { return attempt_alone(lease, statement); };
  until_it_works(patience, [&](Deadline deadline) { return on_connection(pool, deadline, begin, run); });
}

void ping(SessionPool& pool) {
  const Deadline deadline = SteadyClock::now() + std::chrono::milliseconds{500};
  const auto ask = [](Session& session) { session.ping(); };
  {
    auto lease = pool.acquire(deadline);
    if (begins(lease, ask)) return;
  }
  pool.close_idle();
  auto lease = pool.acquire(deadline);
  begin_on(lease, ask);
}

}  // namespace cardea::db
