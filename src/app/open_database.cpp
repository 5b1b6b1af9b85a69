#include "app/open_database.hpp"

#include <ctime>

#include "app/command_database.hpp"
#include "db/migrate.hpp"

namespace cardea::app {
namespace {

using Steady = std::chrono::steady_clock;
constexpr std::chrono::seconds between_tries{5};

constexpr std::string_view how_to_make_it =
    ". If that is the right place, `cardea migrate up` or `cardea serve --create` makes it";

/// True when a signal came that ends the process.
bool is_ended_within(std::chrono::seconds span, const sigset_t& signals) {
  for (const auto end = Steady::now() + span; Steady::now() < end;) {
    const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(end - Steady::now()).count();
    const timespec wait{.tv_sec = left / 1'000'000'000, .tv_nsec = left % 1'000'000'000};
    const int signal = sigtimedwait(&signals, nullptr, &wait);
    if (signal > 0 && signal != SIGHUP) return true;
  }
  return false;
}

void require_made(db::Database& database, const Opening& opening) {
  const bool is_new = db::is_new(database);
  if (is_new && opening.options.missing == db::Missing::refuse) {
    throw db::DatabaseError("there is nothing of Cardea's in the database at " + database_place(opening.settings) +
                                std::string{how_to_make_it},
                            db::Failure::missing);
  }
  if (is_new) opening.log.warn("database.created", {{"place", database_place(opening.settings)}});
}

}  // namespace

std::unique_ptr<db::Database> open_database(const Opening& opening) {
  const std::string url = database_url(opening.settings);
  const auto pooler = database_pooler(opening.settings);
  const bool is_remote = !sqlite_path(url);
  if (opening.options.missing == db::Missing::refuse && is_missing(url)) {
    throw db::DatabaseError("there is no database at " + database_place(opening.settings) + std::string{how_to_make_it},
                            db::Failure::missing);
  }
  const auto begun = Steady::now();
  for (;;) {
    try {
      auto database = db::open(url, opening.options, pooler);
      require_made(*database, opening);
      if (pooler.lending == db::Lending::by_transaction && pooler.direct_url.empty()) {
        opening.log.warn("bus.off", {{"detail", "database_direct is not set: each session check asks the database"}});
      }
      return database;
    } catch (const db::DatabaseError& problem) {
      const auto waited = Steady::now() - begun;
      const bool may_come = is_remote && problem.failure() == db::Failure::unreachable;
      if (!may_come || waited >= opening.settings.database_wait) throw;
      opening.log.warn(
          "database.waiting",
          {{"place", database_place(opening.settings)},
           {"detail", problem.what()},
           {"waited_s", std::chrono::duration_cast<std::chrono::seconds>(waited).count()},
           {"at_most_s", std::chrono::duration_cast<std::chrono::seconds>(opening.settings.database_wait).count()}});
    }
    if (is_ended_within(between_tries, opening.signals)) return nullptr;
  }
}

}  // namespace cardea::app
