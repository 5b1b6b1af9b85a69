#pragma once
// A list of leaked passwords with one in it.

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>

#include "app/settings.hpp"
#include "breached/import.hpp"
#include "crypto/sha1.hpp"
#include "encoding/base64.hpp"

namespace cardea::testing_support {

/// The file is there as long as this is; one at a time.
class LeakedList {
 public:
  explicit LeakedList(std::string_view password) {
    std::filesystem::create_directories(folder_);
    std::ofstream{folder_ / "list"} << encoding::hex(crypto::sha1(password)) << ":7\n";
    std::ofstream{file()};
    EXPECT_TRUE(breached::import_list(folder_ / "list", file(), from_micros(1), [](auto, auto) {}).ok());
  }
  ~LeakedList() { std::filesystem::remove_all(folder_); }
  LeakedList(const LeakedList&) = delete;
  LeakedList& operator=(const LeakedList&) = delete;

  [[nodiscard]] std::string file() const { return folder_ / "filter"; }
  /// Adjusts settings so that it is looked at.
  [[nodiscard]] std::function<void(app::Settings&)> in_use() const {
    return [this](app::Settings& settings) {
      settings.password.breached = password::LeakCheck::automatic;
      settings.password.breached_file = file();
    };
  }

 private:
  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("leaked." + std::to_string(::getpid()));
};

}  // namespace cardea::testing_support
