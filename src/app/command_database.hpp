#pragma once
// The database of a command that works on data.

#include <functional>

#include "app/serve.hpp"
#include "db/database.hpp"

namespace cardea::app {

enum class Missing { make, refuse };

/// Opens the database that the settings name and hands it to `work` with them; returns its exit code. 1 after a line on
/// stderr when the settings are wrong, or when there is no such SQLite file and it is not to be made.
int with_database(const Options& options, Missing missing,
                  const std::function<int(db::Database&, const Settings&)>& work);

/// The same for work that only reads, also where nothing can be written: a SQLite file that this user cannot write to,
/// or whose folder or mount is read-only, is copied with its log into a private temporary folder, and the copy opened.
int with_copy(const Options& options, const std::function<int(db::Database&, const Settings&)>& work);

}  // namespace cardea::app
