#pragma once
// For tests of commands: a folder with settings that name a secret, so that they read and write the trail as a server
// does.

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "app/settings.hpp"

namespace cardea::app {

class SecretInFolder {
 public:
  SecretInFolder() {
    if (mkdtemp(folder_.data()) == nullptr) throw std::runtime_error{"no folder"};
    std::ofstream{folder_ + "/secret"} << secret_ << "\n";
    namespace fs = std::filesystem;
    fs::permissions(folder_ + "/secret", fs::perms::owner_read | fs::perms::owner_write);
    std::ofstream{config_file()} << "secret_file = '" << folder_ << "/secret'\n";
  }
  ~SecretInFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  SecretInFolder(const SecretInFolder&) = delete;
  SecretInFolder& operator=(const SecretInFolder&) = delete;

  [[nodiscard]] std::string config_file() const { return folder_ + "/cardea.toml"; }
  [[nodiscard]] Settings settings() const {
    Settings settings;
    settings.secret = Secret{std::string_view{secret_}};
    return settings;
  }

 private:
  std::string folder_ = std::filesystem::temp_directory_path() / "cardea-secret-XXXXXX";
  std::string secret_ = "Zq7mVt2xKc9LwB4nRy8pHd3sGf6jUa1e";
};

}  // namespace cardea::app
