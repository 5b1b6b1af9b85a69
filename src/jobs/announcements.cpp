#include "jobs/announcements.hpp"

#include <memory>

#include "db/change_log.hpp"

namespace cardea::jobs {

Periodic announcement_sweep_job(db::Database& database) {
  return {.name = "jobs.sweep_announcements",
          .every = std::chrono::hours{1},
          .work = [&database, read = std::make_shared<std::int64_t>(0)](Time) -> Result<Done> {
            *read = database.write([&](db::Tx& tx) { return db::forget_announcements(tx, *read); });
            return done;
          }};
}

}  // namespace cardea::jobs
