// The configuration of a proxy lets through the largest picture that a note may have.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "app/command_fixture.hpp"

namespace cardea::api_tests {
namespace {

TEST(NoteProxy, takes_a_picture_as_text) {
  std::string folder = std::filesystem::temp_directory_path() / "cardea-proxy-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  std::ofstream{folder + "/cardea.toml"} << "url = \"https://auth.example.com\"\n"
                                            "[server]\ntrusted_proxies = [\"127.0.0.1/32\"]\n"
                                            "[note]\nmax_image = 8388608\n";
  const auto nginx = app::run_command({"proxy", "nginx", "--config", folder + "/cardea.toml"});
  std::filesystem::remove_all(folder);
  EXPECT_EQ(nginx.code, 0) << nginx.complained;
  EXPECT_NE(nginx.printed.find("client_max_body_size 11m;"), std::string::npos) << nginx.printed;
}

}  // namespace
}  // namespace cardea::api_tests
