#pragma once
// What has to be true of a copy of the database before anybody relies on it.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/progress.hpp"
#include "app/settings.hpp"
#include "db/database.hpp"

namespace cardea::app {

struct DatabaseCheck {
  std::vector<std::string> problems;  // a sentence each; empty: it can be relied on
  std::optional<std::size_t> keys;    // signing keys that open; absent: no secret is set, so none was tried
};

/// Looks at every page, reference and link of the audit chain, at the migrations and at the signing keys; reads all of
/// it. Migrations that this program does not know are a problem, those that are still missing are not.
[[nodiscard]] DatabaseCheck check_database(db::Database& database, const Settings& settings, Progress& progress);

/// Complains of `what`, and says what is wrong; the exit code 1.
int fail(std::string_view what, const DatabaseCheck& check);

/// What was looked at, for people.
[[nodiscard]] std::string say_checked(const DatabaseCheck& check);

}  // namespace cardea::app
