#include "jobs/queue_store.hpp"

#include <algorithm>

namespace cardea::jobs {
namespace {

constexpr Duration first_wait = std::chrono::seconds{10};
constexpr Duration longest_wait = std::chrono::hours{1};
constexpr std::size_t longest_error = 500;

}  // namespace

Duration back_off(int attempt, Random& random) {
  Duration wait = first_wait;
  for (int i = 1; i < attempt && wait < longest_wait; ++i) wait *= 2;
  wait = std::min(wait, longest_wait);
  const auto bytes = random.bytes<2>();
  const std::int64_t left_out = wait.count() / 2 * (bytes[0] * 256 + bytes[1]) / 65'536;
  return wait - Duration{left_out};
}

std::string plain(std::string_view text) {
  std::string out{text.substr(0, longest_error)};
  std::ranges::replace_if(out, [](char c) { return c < ' ' || c > '~'; }, '?');
  return out;
}

std::optional<Time> next_due(db::Tx& tx, const std::string& kind) {
  const auto row = tx.one(
      "SELECT run_at FROM job WHERE kind = $1 AND claimed_by IS NULL AND dead_at IS NULL ORDER BY run_at, id LIMIT 1",
      kind);
  return row ? std::optional{row->time(0)} : std::nullopt;
}

std::vector<Claimed> claim(db::Tx& tx, Lease& lease, const std::string& kind, Time now, std::int64_t most) {
  lease.join(tx);
  std::vector<Claimed> claimed;
  for (const auto& row : tx.all(
           "UPDATE job SET claimed_by = $1, attempts = attempts + 1 WHERE id IN "
           "(SELECT id FROM job WHERE kind = $2 AND claimed_by IS NULL AND dead_at IS NULL AND run_at <= $3 "
           "ORDER BY run_at, id LIMIT $4) AND claimed_by IS NULL AND EXISTS (SELECT 1 FROM job_holder WHERE id = $1) "
           "RETURNING id, attempts, payload, created_at",
           lease.id(), kind, now, most)) {
    claimed.push_back({.id = row.id<JobId>(0),
                       .attempt = static_cast<int>(row.integer(1)),
                       .payload = row.text(2),
                       .created_at = row.time(3)});
  }
  std::ranges::sort(claimed, {}, &Claimed::id);  // RETURNING has no order
  return claimed;
}

bool settle(db::Tx& tx, const Lease& lease, const Outcome& outcome) {
  switch (outcome.verdict) {
    case Verdict::done:
      return tx.run("DELETE FROM job WHERE id = $1 AND claimed_by = $2 AND attempts = $3", outcome.id, lease.id(),
                    outcome.attempt) > 0;
    case Verdict::again:
      return tx.run(
                 "UPDATE job SET claimed_by = NULL, run_at = $4, wait = $5, last_error = $6 "
                 "WHERE id = $1 AND claimed_by = $2 AND attempts = $3",
                 outcome.id, lease.id(), outcome.attempt, outcome.at + outcome.wait, outcome.wait, outcome.error) > 0;
    case Verdict::dead:
      return tx.run(
                 "UPDATE job SET claimed_by = NULL, dead_at = $4, last_error = $5 "
                 "WHERE id = $1 AND claimed_by = $2 AND attempts = $3",
                 outcome.id, lease.id(), outcome.attempt, outcome.at, outcome.error) > 0;
    case Verdict::released:
      return tx.run(
                 "UPDATE job SET claimed_by = NULL, attempts = attempts - 1 "
                 "WHERE id = $1 AND claimed_by = $2 AND attempts = $3",
                 outcome.id, lease.id(), outcome.attempt) > 0;
  }
  return false;
}

void release_all_but(db::Tx& tx, const Lease& lease, const std::string& kind, const std::set<JobId>& known) {
  for (const auto& row : tx.all("SELECT id, attempts FROM job WHERE claimed_by = $1 AND kind = $2", lease.id(), kind)) {
    const auto id = row.id<JobId>(0);
    if (known.contains(id)) continue;
    static_cast<void>(
        settle(tx, lease, {.id = id, .attempt = static_cast<int>(row.integer(1)), .verdict = Verdict::released}));
  }
}

void bound_waits(db::Tx& tx, const std::string& kind, Time now) {
  tx.run(
      "UPDATE job SET run_at = $2 + wait WHERE kind = $1 AND claimed_by IS NULL AND dead_at IS NULL "
      "AND run_at > $3 AND run_at > $3 + wait",
      kind, now, now + wait_tolerance);
}

Figures figures(db::Tx& tx, const std::string& kind, Time now) {
  const auto living = tx.one("SELECT count(*), min(created_at) FROM job WHERE kind = $1 AND dead_at IS NULL", kind);
  const auto dead_ones = tx.one("SELECT count(*) FROM job WHERE kind = $1 AND dead_at IS NOT NULL", kind);
  const auto wrong = tx.one(
      "SELECT id FROM job WHERE kind = $1 AND claimed_by IS NULL AND dead_at IS NULL "
      "AND run_at > $2 AND run_at > $2 + wait LIMIT 1",
      kind, now + wait_tolerance);
  return {.depth = living->integer(0),
          .dead = dead_ones->integer(0),
          .oldest = living->maybe_time(1),
          .has_wrong_waits = wrong.has_value()};
}

}  // namespace cardea::jobs
