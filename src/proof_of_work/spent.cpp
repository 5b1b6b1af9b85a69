#include "proof_of_work/spent.hpp"

namespace cardea::proof_of_work {
namespace {

// The clock of a process that still takes the proof may be behind that of the one that sweeps.
constexpr Duration kept_after = std::chrono::hours{1};

}  // namespace

bool spend(db::Database& database, const Terms& terms) {
  return database
      .write_one(
          "INSERT INTO spent_proof (seed, expires_at) VALUES ($1, $2) ON CONFLICT (seed) DO NOTHING "
          "RETURNING expires_at",
          terms.seed, terms.expires_at)
      .has_value();
}

jobs::Periodic sweep_job(db::Database& database) {
  return {.name = "proof_of_work.sweep",
          .every = std::chrono::minutes{10},
          .work = [&database](Time now) -> Result<Done> {
            jobs::in_batches(database, [&](db::Tx& tx) {
              return tx.run(
                  "DELETE FROM spent_proof WHERE seed IN (SELECT seed FROM spent_proof WHERE expires_at <= $1 "
                  "LIMIT $2)",
                  now - kept_after, jobs::batch_size);
            });
            return done;
          },
          .removes_by_age = true};
}

}  // namespace cardea::proof_of_work
