#include "db/transaction.hpp"

#include "db/attempt.hpp"

namespace cardea::db {

void transact(Place place, Access access, const std::function<Verdict(Tx&)>& work, const Patience& patience) {
  const auto begin = [&](Session& session) { session.begin(access); };
  const auto run = [&](SessionPool::Lease& lease) { return attempt(lease, access, work, place.bus); };
  follow_up(
      until_it_works(patience, [&](Deadline deadline) { return on_connection(place.pool, deadline, begin, run); }),
      place.bus);
}

void run_alone(SessionPool& pool, Access access, const std::function<void(Tx&)>& statement, const Patience& patience) {
  const auto begin = [&](Session& session) { session.begin_alone(access); };
  const auto run = [&](SessionPool::Lease& lease) { return attempt_alone(lease, statement); };
  until_it_works(patience, [&](Deadline deadline) { return on_connection(pool, deadline, begin, run); });
}

void ping(SessionPool& pool) {
  const Deadline deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds{500};
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
