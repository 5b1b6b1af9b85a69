#pragma once
// Opening the server's database, which may not be there yet.

#include <csignal>
#include <functional>
#include <memory>

#include "app/settings.hpp"
#include "db/database.hpp"
#include "observe/log.hpp"

namespace cardea::app {

struct Opening {
  const Settings& settings;
  db::Options options;
  observe::Log& log;
  const sigset_t& signals;  // blocked ones: all but SIGHUP end the wait
};

/// Opens it. A PostgreSQL that does not answer is waited for, up to `database_wait`, with a line in the log each five
/// seconds; null when a signal ended that. Throws DatabaseError at once when trying again would not help: a wrong
/// password, a database that is not there, a file that is none; and when nothing of ours is in it and `options.missing`
/// says that it is not to be made.
[[nodiscard]] std::unique_ptr<db::Database> open_database(const Opening& opening);

}  // namespace cardea::app
