#pragma once
// What kind of failure an SQLite result code is. Internal to db.

#include "db/failure.hpp"

namespace cardea::db::sqlite {

/// `code` may be an extended one; `system_error` is the errno of a code that is about files, or 0.
[[nodiscard]] Failure failure_of(int code, int system_error);

}  // namespace cardea::db::sqlite
