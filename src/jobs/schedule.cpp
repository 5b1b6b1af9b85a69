#include "jobs/schedule.hpp"

#include <algorithm>

#include "jobs/figures.hpp"

namespace cardea::jobs {
namespace {

constexpr Duration longest_pause = std::chrono::seconds{30};
constexpr Duration least_pause = std::chrono::milliseconds{100};

/// The job's name is the process's own when each process runs the job; a metric has no use for that part.
std::string label_of(const std::string& name) { return name.substr(0, name.find(':')); }

}  // namespace

bool is_due(const Turn& turn, Duration every, Time now, std::optional<Duration> since_start) {
  if (turn.is_held_elsewhere) return false;
  if (turn.next_run_at == Time{}) return true;  // its last run was interrupted
  if (since_start && !has_passed(std::min(every, shortest_pause), Duration{0}, *since_start)) return false;
  return turn.next_run_at <= now || is_too_far_ahead(turn, every, now);
}

bool is_too_far_ahead(const Turn& turn, Duration every, Time now) {
  return turn.next_run_at > now + every + clock_tolerance;
}

bool is_after_gap(const Turn& turn, Duration every, Time now) {
  if (turn.next_run_at == Time{}) return true;  // its last run was interrupted, nobody knows when
  return is_too_far_ahead(turn, every, now) || now - turn.next_run_at > every + clock_tolerance;
}

Schedule::Schedule(Periodic job, const Deps& deps, Lease& lease)
    : job_(std::move(job)), deps_(deps), lease_(lease), failures_(failure_counter(deps.metrics, label_of(job_.name))) {
  success_gauge(deps.metrics, label_of(job_.name), last_success_);
}

void Schedule::saw(std::int64_t runs) {
  // The first look does not tell when that run began.
  if (runs_seen_ && *runs_seen_ != runs) start_seen_at_ = deps_.monotonic();
  runs_seen_ = runs;
}

std::optional<Turn> Schedule::look() {
  const auto row = deps_.database.read([&](db::Tx& tx) {
    return tx.one("SELECT next_run_at, holder, runs, last_success_at FROM job_lease WHERE name = $1", job_.name);
  });
  if (!row) {
    next_run_at_.reset();
    return std::nullopt;
  }
  const auto holder = row->maybe_text(1);
  // A lease of our own that we are not working under is left over from a run whose end could not be recorded.
  Turn turn{.next_run_at = row->time(0),
            .is_held_elsewhere = holder && *holder != lease_.id(),
            .runs = row->integer(2),
            .last_success_at = row->maybe_time(3)};
  if (turn.last_success_at) last_success_->store(to_micros(*turn.last_success_at));
  saw(turn.runs);
  next_run_at_ = turn.next_run_at;
  return turn;
}

std::optional<std::int64_t> Schedule::claim(db::Tx& tx, const std::optional<Turn>& turn, Time now) {
  lease_.join(tx);
  const Time next = now + job_.every;
  const auto claimed = turn ? tx.one(
                                  "UPDATE job_lease SET holder = $2, runs = runs + 1, next_run_at = $3 "
                                  "WHERE name = $1 AND runs = $4 AND (holder IS NULL OR holder = $2) "
                                  "AND EXISTS (SELECT 1 FROM job_holder WHERE id = $2) RETURNING runs",
                                  job_.name, lease_.id(), next, turn->runs)
                            : tx.one(
                                  "INSERT INTO job_lease (name, next_run_at, holder, runs) VALUES ($1, $2, $3, 1) "
                                  "ON CONFLICT DO NOTHING RETURNING runs",
                                  job_.name, next, lease_.id());
  return claimed ? std::optional{claimed->integer(0)} : std::nullopt;
}

bool Schedule::run_if_due(Time now) {
  std::optional<std::int64_t> run;
  std::optional<Lease::Hold> hold;
  bool is_left_out = false;
  try {
    const auto turn = look();
    const auto since = start_seen_at_ ? std::optional{deps_.monotonic() - *start_seen_at_} : std::nullopt;
    if (turn && !is_due(*turn, job_.every, now, since)) return false;
    if (turn && is_too_far_ahead(*turn, job_.every, now)) {
      deps_.log.warn("job.due_too_far_ahead", {{"job", job_.name}, {"due", rfc3339(turn->next_run_at)}});
    }
    is_left_out = job_.removes_by_age && turn && is_after_gap(*turn, job_.every, now);
    hold.emplace(lease_.hold());
    run = deps_.database.write([&](db::Tx& tx) { return claim(tx, turn, now); });
  } catch (const std::exception& problem) {
    deps_.log.warn("job.no_turn", {{"job", job_.name}, {"what", problem.what()}});
  }
  if (!run) return false;
  runs_seen_ = run;
  start_seen_at_ = deps_.monotonic();
  next_run_at_ = now + job_.every;
  if (is_left_out) leave_out();
  finish(*run, is_left_out || work(now));
  return true;
}

void Schedule::leave_out() {
  deps_.log.info("job.left_out", {{"job", job_.name},
                                  {"hint",
                                   "it removes what is old, and did not run for long, or the clock was set; it "
                                   "runs when its time comes again"}});
}

bool Schedule::work(Time now) try {
  const auto result = job_.work(now);
  if (result.ok()) return true;
  failures_.add();
  deps_.log.warn("job.failed",
                 {{"job", job_.name}, {"code", result.error().kind->code}, {"detail", result.error().detail}});
  return false;
} catch (const std::exception& problem) {
  failures_.add();
  deps_.log.error("job.threw", {{"job", job_.name}, {"what", problem.what()}});
  return false;
} catch (...) {
  failures_.add();
  deps_.log.error("job.threw", {{"job", job_.name}});
  return false;
}

void Schedule::finish(std::int64_t run, bool is_success) try {
  const Time now = deps_.clock.now();
  const bool was_ours = deps_.database.write([&](db::Tx& tx) {
    return tx.run(
               "UPDATE job_lease SET holder = NULL, last_success_at = COALESCE($4, last_success_at) "
               "WHERE name = $1 AND holder = $2 AND runs = $3",
               job_.name, lease_.id(), run, is_success ? std::optional{now} : std::nullopt) > 0;
  });
  if (!was_ours) {
    failures_.add();
    deps_.log.warn("job.lease_lost", {{"job", job_.name}});
  } else if (is_success) {
    last_success_->store(to_micros(now));
  }
} catch (const std::exception& problem) {
  deps_.log.warn("job.not_finished", {{"job", job_.name}, {"what", problem.what()}});
}

Duration Schedule::pause(Time now) const {
  const Duration longest = std::min(job_.every, longest_pause);
  const Duration until_due = next_run_at_ && *next_run_at_ > now ? *next_run_at_ - now : longest;
  return std::max(std::min(until_due, longest), least_pause);
}

}  // namespace cardea::jobs
