#pragma once
// One file in MaxMind's format, as it was when it was opened. Internal to geo.

#include <maxminddb.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace cardea::geo {

/// Immutable; any thread.
class CountryFile {
 public:
  /// Reads the file at `path` as a whole into memory of its own: whoever copies a new file over one that is mapped, or
  /// a disk that fails, would end the process. At most 256 MiB. Throws std::runtime_error with the name of the setting.
  static std::shared_ptr<const CountryFile> open(const std::string& path);
  ~CountryFile();
  CountryFile(const CountryFile&) = delete;
  CountryFile& operator=(const CountryFile&) = delete;

  [[nodiscard]] std::string country_of(std::string_view address) const;
  [[nodiscard]] Time made_at() const;

 private:
  CountryFile() = default;

  MMDB_s database_{};
  bool is_open_ = false;
};

}  // namespace cardea::geo
