#pragma once
// Copying the database away, and putting a copy in its place: `cardea backup` and `cardea restore`.

#include <optional>
#include <string>

#include "app/serve.hpp"

namespace cardea::app {

struct BackupOrder {
  std::string place;             // a file that is not there yet, or a folder; empty: the present one
  std::optional<int> keep = {};  // dated names, of which so many stay
};

/// Writes a copy of an SQLite database beside whoever uses it, looks through it, and only then gives it its name. On
/// PostgreSQL it says which line to run instead. Returns the exit code: 0 only when the copy is there and whole.
int backup(const Options& options, const BackupOrder& order);

/// Puts a copy in the place of an SQLite database that nobody uses, keeps what was there under another name, and ends
/// what must not come back: sessions, sign-ins half done, codes and links, known browsers and budgets. Without a file,
/// on PostgreSQL, it does the last of that, after pg_restore. Returns the exit code.
int restore(const Options& options, const std::string& file);

}  // namespace cardea::app
