#pragma once
// The text of a migration file: its statements and its checksum. Internal to db.

#include <string>
#include <string_view>
#include <vector>

namespace cardea::db {

/// The statements of `sql`, each up to a ';' at the end of a line; pieces of blanks and comments alone are left out.
[[nodiscard]] std::vector<std::string_view> split_statements(std::string_view sql);

/// FNV-1a, 64 bits, in hexadecimal: finds an edit made by mistake. It need not resist an attacker, who could rewrite
/// the stored checksum as easily.
[[nodiscard]] std::string checksum(std::string_view sql);

}  // namespace cardea::db
