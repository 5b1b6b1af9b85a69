#include "jobs/periodic.hpp"

namespace cardea::jobs {
namespace {

constexpr Duration forgotten_after = std::chrono::hours{7 * 24};

}  // namespace

void in_batches(db::Database& database, const std::function<std::int64_t(db::Tx&)>& batch) {
  for (int i = 0; i < most_batches; ++i) {
    if (database.write([&](db::Tx& tx) { return batch(tx); }) < batch_size) return;
  }
}

std::optional<Time> last_success(db::Tx& tx) {
  return tx.one("SELECT max(last_success_at) FROM job_lease")->maybe_time(0);
}

Periodic lease_sweep_job(db::Database& database) {
  return {.name = "jobs.sweep_leases",
          .every = std::chrono::hours{24},
          .work = [&database](Time now) -> Result<Done> {
            in_batches(database, [&](db::Tx& tx) {
              return tx.run(
                  "DELETE FROM job_lease WHERE name IN "
                  "(SELECT name FROM job_lease WHERE holder IS NULL AND next_run_at < $1 LIMIT $2)",
                  now - forgotten_after, batch_size);
            });
            return done;
          },
          .removes_by_age = true};
}

}  // namespace cardea::jobs
