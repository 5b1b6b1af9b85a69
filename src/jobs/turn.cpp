#include "jobs/jobs.hpp"

namespace cardea::jobs {
namespace {

/// True when there is no lease yet or it has run out; spares the write transaction when it has not.
bool may_be_due(db::Tx& tx, const Job& job, Time now) {
  const auto lease = tx.one("SELECT next_run_at FROM job_lease WHERE name = $1", job.name);
  return !lease || lease->time(0) <= now || lease->time(0) > now + job.every + clock_error;
}

void run(const Job& job, Time now, observe::Log& log) try {
  const auto result = job.work(now);
  if (!result.ok()) {
    log.warn("job.failed", {{"job", job.name}, {"code", result.error().kind->code}, {"detail", result.error().detail}});
  }
} catch (const std::exception& problem) {
  log.error("job.threw", {{"job", job.name}, {"what", problem.what()}});
} catch (...) {
  log.error("job.threw", {{"job", job.name}});
}

}  // namespace

bool take_turn(db::Tx& tx, const Job& job, Time now) {
  const Time next = now + job.every;
  const auto moved = tx.one(
      "UPDATE job_lease SET next_run_at = $2 WHERE name = $1 AND (next_run_at <= $3 OR next_run_at > $4) RETURNING name",
      job.name, next, now, next + clock_error);
  if (moved) return true;
  const auto first =
      tx.one("INSERT INTO job_lease (name, next_run_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING name",
             job.name, next);
  return first.has_value();
}

void run_due(const std::vector<Job>& jobs, db::Database& database, Time now, observe::Log& log) {
  for (const Job& job : jobs) {
    bool is_ours = false;
    try {
      is_ours = database.read([&](db::Tx& tx) { return may_be_due(tx, job, now); }) &&
                database.write([&](db::Tx& tx) { return take_turn(tx, job, now); });
    } catch (const std::exception& problem) {
      log.warn("job.no_turn", {{"job", job.name}, {"what", problem.what()}});
    }
    if (is_ours) run(job, now, log);
  }
}

}  // namespace cardea::jobs
