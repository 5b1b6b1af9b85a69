#pragma once
// The text of a migration file: its statements and its checksum. Internal to db.

#include <string>
#include <string_view>
#include <vector>

namespace cardea::db {

/// The statements of `sql`, each up to a ';' at the end of a line; pieces of blanks and comments alone are left out.
[[nodiscard]] std::vector<std::string_view> split_statements(std::string_view sql);

/// The statement as an engine is to run it. A comment that begins with an engine's name, as in
/// `/* sqlite: WITHOUT ROWID */`, is a hint on storage: that engine reads what it holds, the others a comment.
[[nodiscard]] std::string for_engine(std::string_view statement, std::string_view engine);

/// FNV-1a, 64 bits, in hexadecimal: finds an edit made by mistake. It need not resist an attacker, who could rewrite
/// the stored checksum as easily.
[[nodiscard]] std::string checksum(std::string_view sql);

}  // namespace cardea::db
