#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "app/backup_name.hpp"

namespace cardea::app {
namespace {

namespace fs = std::filesystem;
const Time noon = from_micros(1'795'435'200'000'000);  // 2026-11-23T12:00:00Z

class BackupName : public ::testing::Test {
 protected:
  BackupName() {
    if (mkdtemp(folder_.data()) == nullptr) throw std::runtime_error{"no folder"};
  }
  ~BackupName() override { fs::remove_all(folder_); }
  [[nodiscard]] fs::path path(std::string_view name) const { return fs::path{folder_} / name; }
  void make(std::string_view name) const { std::ofstream{path(name)} << "x"; }

  std::string folder_ = fs::temp_directory_path() / "cardea-names-XXXXXX";
};

TEST_F(BackupName, has_the_time_in_it) {
  EXPECT_EQ(compact_utc(noon), "20261123T120000Z");
  EXPECT_EQ(BackupSeries::at(folder_).name(noon, 1), path("cardea-20261123T120000Z.db"));
  EXPECT_EQ(BackupSeries::at(path("nightly.db")).name(noon, 1), path("nightly-20261123T120000Z.db"));
  EXPECT_EQ(BackupSeries::at(path("nightly")).name(noon, 2), path("nightly-20261123T120000Z-2"));
  EXPECT_EQ(BackupSeries::at({}).folder, fs::current_path() / "");
}

TEST_F(BackupName, of_others_is_left_alone) {
  const auto series = BackupSeries::at(path("nightly.db"));
  for (const auto* name :
       {"nightly.db", "nightly-20261123T120000Z", "nightly-20261123T12000Z.db", "nightly-20261123T120000Z.db-wal",
        "nightly-20261123T120000Z-.db", "nightly-20261123T120000Z-1.db", "nightly-20261123T120000Z-x.db",
        "nightly-of-20261123T120000Z.db", "other-20261123T120000Z.db", "nightly-20261123T120000Z-2x.db"}) {
    make(name);
  }
  fs::create_directory(path("nightly-20261123T120001Z.db"));
  fs::create_symlink(path("nightly.db"), path("nightly-20261123T120002Z.db"));
  EXPECT_TRUE(series.files().empty());
  EXPECT_TRUE(remove_old(series, path("fresh"), 1).empty());
}

TEST_F(BackupName, of_the_newest_stay) {
  const auto series = BackupSeries::at(folder_);
  const std::vector<std::string> names{"cardea-20251123T120000Z.db", "cardea-20261123T120000Z.db",
                                       "cardea-20261123T120000Z-2.db", "cardea-20261123T120000Z-10.db",
                                       "cardea-20261123T120001Z.db"};
  for (const auto& name : names) make(name);
  std::vector<fs::path> paths;
  for (const auto& name : names) paths.push_back(path(name));
  EXPECT_EQ(series.files(), paths);
  EXPECT_EQ(remove_old(series, paths[4], 3), (std::vector<fs::path>{paths[0], paths[1]}));
  // Also when the clock was set back, so that it looks the oldest.
  EXPECT_EQ(remove_old(series, paths[2], 2), std::vector<fs::path>{paths[3]});
  EXPECT_EQ(remove_old(series, paths[2], 10), std::vector<fs::path>{});
  EXPECT_EQ(series.files(), (std::vector<fs::path>{paths[2], paths[4]}));
}

}  // namespace
}  // namespace cardea::app
