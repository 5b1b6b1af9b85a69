#pragma once
// How backups are called, and which of them are old.

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace cardea::app {

/// "20261126T173455Z".
[[nodiscard]] std::string compact_utc(Time time);

/// Backups that lie in one folder and differ by their time: "cardea-20261126T173455Z.db".
struct BackupSeries {
  std::filesystem::path folder;
  std::string stem = "cardea";
  std::string ending = ".db";

  /// The series of `place`: a folder, or a file whose name gets the time put in; empty: the present folder.
  [[nodiscard]] static BackupSeries at(const std::filesystem::path& place);
  /// The `count`th of that second, from 1.
  [[nodiscard]] std::filesystem::path name(Time time, int count) const;
  /// The files of the series that are there, oldest first by the times in their names; others in the folder are none.
  [[nodiscard]] std::vector<std::filesystem::path> files() const;
};

/// Removes all files of the series but the `keep` newest and `fresh`, which counts as the newest. Returns what it
/// removed.
std::vector<std::filesystem::path> remove_old(const BackupSeries& series, const std::filesystem::path& fresh,
                                              std::size_t keep);

}  // namespace cardea::app
