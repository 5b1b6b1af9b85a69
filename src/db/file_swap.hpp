#pragma once
// Putting a finished file in the place where it is looked for, so that a crash at any instant leaves the old one or the
// new one, whole.

#include <filesystem>
#include <optional>

namespace cardea::db {

/// An empty file that nobody else uses, mode 0600, whose name begins with `beside`; deleted at the end, with what
/// SQLite made beside it, unless it was moved away. Throws DatabaseError.
class Draft {
 public:
  explicit Draft(const std::filesystem::path& beside);
  ~Draft();
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// Gives it its name, unless there is a file of that name, which stays as it is; false then. Throws DatabaseError.
  [[nodiscard]] bool publish(const std::filesystem::path& name);

 private:
  std::filesystem::path path_;
};

/// Returns when what was written to a file, or the names in a folder, would survive a power cut. Throws DatabaseError.
void sync_to_disk(const std::filesystem::path& path);

/// Puts the SQLite database `fresh`, which has no log, in the place of `file`, in the same folder. What was there is
/// kept under the name `kept`, with its log when that could not be written back into it. The caller holds the folder
/// alone. Returns whether there was something. Throws DatabaseError.
[[nodiscard]] bool replace_sqlite(const std::filesystem::path& fresh, const std::filesystem::path& file,
                                  const std::filesystem::path& kept);

}  // namespace cardea::db
