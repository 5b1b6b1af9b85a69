#pragma once
// Looking up the names of database servers, and no longer than we want to. Internal to db.

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "db/postgres_wait.hpp"

namespace cardea::db::postgres {

/// The hosts of a libpq address that have to be looked up: no socket, no number, nothing that `hostaddr` names already.
[[nodiscard]] std::vector<std::string> names_in(const Secret& url);

/// Looks `name` up and returns when that is over, however it ended. Called by a thread of its own.
using Lookup = std::function<void(const std::string& name)>;

/// Waits until all the names have been looked up. False when that takes too long: the lookup, which nothing can cancel,
/// then goes on by itself and concerns nobody.
///
/// libpq looks names up without a deadline: a name server that does not answer would hold its caller for 10 s and more.
/// After this it gets its answer at once, or the same failure.
///
/// @param lookup  the system's, but for tests; has to own what it uses
[[nodiscard]] bool await_names(std::span<const std::string> names, const Wait& wait, const Lookup& lookup);
[[nodiscard]] bool await_names(std::span<const std::string> names, const Wait& wait);

}  // namespace cardea::db::postgres
