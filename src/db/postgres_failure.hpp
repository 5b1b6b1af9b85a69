#pragma once
// What may be told of a PostgreSQL failure. The server's words can quote stored values, and libpq's can quote pieces
// of a mistyped url, password included; so both pass through here. Internal to db.

#include <string>
#include <string_view>

#include "db/failure.hpp"

namespace cardea::db::postgres {

/// The transaction lost against another one and may be run again.
[[nodiscard]] bool is_conflict(std::string_view sqlstate);

/// Whether a COMMIT that was answered like this, or by nothing (both empty), may have happened all the same.
[[nodiscard]] bool may_have_committed(std::string_view sqlstate, std::string_view severity);

/// What kind of failure that is; an empty state is a lost connection. `message` is the server's.
[[nodiscard]] Failure failure_of(std::string_view sqlstate, std::string_view message = {});

/// The same of a connection that could not be made: what may be over when somebody tries again is `unreachable`.
[[nodiscard]] Failure failure_of_refusal(std::string_view message);

/// Whether such a connection found no place, since others have them all.
[[nodiscard]] bool is_crowded(std::string_view message);

/// Whether it was libpq, in this process, that found no memory.
[[nodiscard]] bool says_out_of_memory(std::string_view message);

/// A message for the operator about a failed statement.
[[nodiscard]] std::string describe(std::string_view sqlstate, std::string_view message, std::string_view sql);

/// A message for the operator about a connection that could not be made.
[[nodiscard]] std::string describe_refusal(std::string_view message);

}  // namespace cardea::db::postgres
