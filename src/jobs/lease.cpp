#include "jobs/lease.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace cardea::jobs {
namespace {

/// The lease of an interrupted run is due at once, whatever the clocks say.
constexpr Time at_once{};

std::string random_name(Random& random) {
  std::string name;
  for (const auto byte : random.bytes<12>()) name += fmt::format("{:02x}", byte);
  return name;
}

std::int64_t random_beat(Random& random) {
  std::int64_t beat = 0;
  for (const auto byte : random.bytes<7>()) beat = beat * 256 + byte;  // 56 bits: never negative, never overflows
  return beat;
}

/// Frees what a process had claimed and deletes its row, unless it has beaten after all; how many claims those were.
std::int64_t free_claims(db::Tx& tx, const std::string& id, std::int64_t beat) {
  if (!tx.one("SELECT id FROM job_holder WHERE id = $1 AND beat = $2", id, beat)) return 0;
  const auto leases = tx.run("UPDATE job_lease SET holder = NULL, next_run_at = $2 WHERE holder = $1", id, at_once);
  const auto items = tx.run("UPDATE job SET claimed_by = NULL WHERE claimed_by = $1", id);
  tx.run("DELETE FROM job_holder WHERE id = $1", id);
  return leases + items;
}

}  // namespace

Lease::Lease(const Deps& deps)
    : deps_(deps),
      id_(random_name(deps.random)),
      first_beat_(random_beat(deps.random)),
      renewed_at_((deps.monotonic() - deps.beat).count()) {}

void Lease::renew(db::Tx& tx) const {
  tx.run("INSERT INTO job_holder (id, beat) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET beat = job_holder.beat + 1",
         id_, first_beat_);
}

void Lease::join(db::Tx& tx) {
  // Not at every claim: on PostgreSQL, claims side by side would conflict over the one row.
  const Duration now = deps_.monotonic();
  if (!has_passed(deps_.beat / 2, Duration{renewed_at_.load()}, now)) return;
  renew(tx);
  has_joined_ = true;
  tx.after_commit([this, now] { renewed_at_ = now.count(); });
}

void Lease::beat() {
  if (holds_ == 0) return;
  const Duration now = deps_.monotonic();
  has_joined_ = true;
  deps_.database.write([&](db::Tx& tx) { renew(tx); });
  renewed_at_ = now.count();
}

bool Lease::has_missed_its_beats(const std::string& id, std::int64_t beat) {
  const Duration now = deps_.monotonic();
  const auto [entry, is_new] = seen_.try_emplace(id, Seen{.beat = beat, .counted_at = now, .missed = 0});
  Seen& seen = entry->second;
  if (is_new) return false;
  if (seen.beat != beat) {
    seen = {.beat = beat, .counted_at = now, .missed = 0};
    return false;
  }
  // One look counts one beat at most: after a time without a database, the others get time to renew too.
  if (has_passed(deps_.beat, seen.counted_at, now)) {
    seen.counted_at = now;
    ++seen.missed;
  }
  return seen.missed >= most_missed_beats;
}

std::int64_t Lease::free_the_dead() {
  const auto holders = deps_.database.read([](db::Tx& tx) { return tx.all("SELECT id, beat FROM job_holder"); });
  std::erase_if(seen_, [&](const auto& entry) {
    return std::ranges::none_of(holders, [&](const db::Row& row) { return row.text(0) == entry.first; });
  });
  std::int64_t freed = 0;
  for (const db::Row& row : holders) {
    const std::string& id = row.text(0);
    const std::int64_t beat = row.integer(1);
    if (id == id_ || !has_missed_its_beats(id, beat)) continue;
    const auto claims = deps_.database.write([&](db::Tx& tx) { return free_claims(tx, id, beat); });
    seen_.erase(id);
    // A process that holds nothing does not renew its lease; nothing happened then.
    if (claims > 0) deps_.log.warn("jobs.taken_over", {{"from", id}, {"claims", claims}});
    freed += claims;
  }
  return freed;
}

void Lease::leave() noexcept try {
  if (!has_joined_) return;
  deps_.database.write([&](db::Tx& tx) { tx.run("DELETE FROM job_holder WHERE id = $1", id_); });
} catch (const std::exception& problem) {
  deps_.log.warn("jobs.lease_kept", {{"what", problem.what()}});  // the others will see it stand still
}

}  // namespace cardea::jobs
