#pragma once
// A migrated SQLite database of a test's own, for tests of one module; whole contracts run on both engines instead.

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include "db/migrate.hpp"

namespace cardea::testing_support {

class SqliteFile {
 public:
  SqliteFile() : directory_((std::filesystem::temp_directory_path() / "cardea-unit-XXXXXX").string()) {
    if (::mkdtemp(directory_.data()) == nullptr) throw std::runtime_error("cannot make " + directory_);
    database_ = db::open("sqlite:" + directory_ + "/cardea.db", {});
    db::migrate(*database_, db::embedded_migrations(), Time{});
  }
  ~SqliteFile() {
    database_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }
  SqliteFile(const SqliteFile&) = delete;
  SqliteFile& operator=(const SqliteFile&) = delete;

  db::Database& operator*() { return *database_; }

 private:
  std::string directory_;
  std::unique_ptr<db::Database> database_;
};

}  // namespace cardea::testing_support
