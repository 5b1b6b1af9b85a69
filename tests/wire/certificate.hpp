#pragma once
// A certificate for localhost with its key, in a folder that goes with it.

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>

#include "edge/self_signed.hpp"

namespace cardea::wire_tests {

class Certificate {
 public:
  Certificate() {
    std::string path = (std::filesystem::temp_directory_path() / "cardea-XXXXXX").string();
    folder_ = mkdtemp(path.data());
    renew();
  }
  ~Certificate() { std::filesystem::remove_all(folder_); }
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;

  [[nodiscard]] std::string file() const { return folder_ / "certificate.pem"; }
  [[nodiscard]] std::string key() const { return folder_ / "key.pem"; }
  /// OpenSSL checks dates against the real clock.
  void renew() { renew_as_of(Duration{0}); }
  /// One that was made so long from now: it is good from an hour before that for 30 days.
  void renew_as_of(Duration from_now) {
    const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    EXPECT_TRUE(edge::write_self_signed(file(), key(), now + from_now).ok());
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace cardea::wire_tests
