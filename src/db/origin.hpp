#pragma once
// Tells a process's own announcements from those of others. Internal to db.

#include <string>

namespace cardea::db {

/// A name for one open Database that no other has. It has no blank, and is no secret.
[[nodiscard]] std::string make_origin();

}  // namespace cardea::db
