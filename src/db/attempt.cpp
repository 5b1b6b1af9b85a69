#include "db/attempt.hpp"

#include <algorithm>
#include <new>
#include <random>
#include <stdexcept>
#include <thread>

namespace cardea::db {

void abandon(SessionPool::Lease& lease) {
  lease->roll_back();
  lease->start_over();
  if (!lease->is_usable()) lease.drop();
}

void give_up(SessionPool::Lease& lease) {
  const std::string conflict = lease->conflict();
  abandon(lease);
  if (!conflict.empty()) throw Conflict(conflict);
  throw;
}

Verdict decide(Session& session, const std::function<Verdict(Tx&)>& work) {
  const Verdict verdict = work(session);
  if (!session.conflict().empty()) throw Conflict(session.conflict());
  return verdict;
}

Aftermath attempt(SessionPool::Lease& lease, Access access, const std::function<Verdict(Tx&)>& work, Bus& bus) {
  bool is_committing = false;
  const auto tell = [&] {
    const auto announcements = lease->take_announcements();
    abandon(lease);
    bus.deliver(announcements);
  };
  try {
    if (decide(*lease, work) == Verdict::roll_back) {
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

void follow_up(const Aftermath& aftermath, Bus& bus) {
  bus.deliver(aftermath.announcements);
  for (const auto& action : aftermath.actions) action();
}

void back_off(int tries, Deadline deadline) {
  std::minstd_rand spread(static_cast<unsigned>(std::chrono::steady_clock::now().time_since_epoch().count()) ^
                          static_cast<unsigned>(std::hash<std::thread::id>{}(std::this_thread::get_id())));
  const std::int64_t bound = 1000LL << std::min(tries, 6);
  const Duration wait{std::uniform_int_distribution<std::int64_t>{0, bound}(spread)};
  std::this_thread::sleep_until(std::min(deadline, std::chrono::steady_clock::now() + wait));
}

}  // namespace cardea::db
