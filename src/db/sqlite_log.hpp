#pragma once
// Whether the write-ahead log beside a database file is that file's own. Internal to db.
//
// SQLite writes whatever valid log it finds into the file, and nothing in a log names its file: a backup that was
// copied over a database whose log stayed behind becomes a mixture of both. So the header of each of our files holds a
// stamp (PRAGMA user_version) that begins at a random number and moves on by one as the first change of every log. A
// log whose first header follows the file's, or one of whose headers is the file's, is its own; any other is foreign.

#include <filesystem>
#include <string>

namespace cardea::db::sqlite {

/// "Card", in the header of each file of ours (PRAGMA application_id).
inline constexpr int application_id = 0x43617264;

/// A stamp for a file that has none, or that must not fit any log there is.
[[nodiscard]] int first_stamp();
[[nodiscard]] int next_stamp(int stamp);

/// Whether SQLite would spoil the file with its log. Reads both, changes nothing; also true for a log beside an empty
/// file. A log that an older version of this program wrote, without stamps, cannot be told apart and passes.
[[nodiscard]] bool has_foreign_log(const std::filesystem::path& file);

/// What to do then.
[[nodiscard]] std::string advice_on_foreign_log(const std::filesystem::path& file);

}  // namespace cardea::db::sqlite
