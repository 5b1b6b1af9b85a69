#pragma once
// The database of a command that works on data.

#include <functional>
#include <optional>
#include <string>

#include "app/serve.hpp"
#include "db/database.hpp"

namespace cardea::app {

using db::Missing;

/// Where the data is when the caller has not said so, for every command that works on data: the settings in
/// ./cardea.toml; the database of the settings' default, ./data; that of `cardea dev`, ./.cardea; the settings of the
/// package, /etc/cardea/cardea.toml: the first that is there. What was found is said on standard error.
[[nodiscard]] Options found_settings(const Options& options);

/// Reads the settings and hands them to `work`; returns its exit code. 1 after a line on stderr when they are wrong.
int with_settings(const Options& options, const std::function<int(const Settings&)>& work);

/// The same with the database that they name; 1 also when there is no such SQLite file and it is not to be made.
int with_database(const Options& options, Missing missing,
                  const std::function<int(db::Database&, const Settings&)>& work);

/// The same for work that only reads, also where nothing can be written: a SQLite file that this user cannot write to,
/// or whose folder or mount is read-only, is copied with its log into a private temporary folder, and the copy opened.
int with_copy(const Options& options, const std::function<int(db::Database&, const Settings&)>& work);

/// The path of the SQLite file that an address names; absent for another engine.
[[nodiscard]] std::optional<std::string> sqlite_path(const std::string& url);
/// SQLite makes a file that is not there; a misspelt path would pass for an empty database.
[[nodiscard]] bool is_missing(const std::string& url);

}  // namespace cardea::app
