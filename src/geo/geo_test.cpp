#include "geo/geo.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <random>
#include <stdexcept>

#include "geo/inspect.hpp"
#include "tests/support/country_file.hpp"

namespace cardea::geo {
namespace {

namespace fs = std::filesystem;
using testing_support::country_file;
using testing_support::put_file;

class Geo : public ::testing::Test {
 protected:
  Geo() {
    std::string pattern = fs::temp_directory_path() / "cardea-geo-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    path = (folder_ / "countries.mmdb").string();
    put_file(path, country_file({{"203.0.113.0", 24, "CH"}, {"198.51.100.128", 25, "DE"}, {"2001:db8::", 32, "FR"}}));
    log.redirect([this](std::string_view line) { written += line; });
  }
  ~Geo() override { fs::remove_all(folder_); }
  Geo(const Geo&) = delete;
  Geo& operator=(const Geo&) = delete;

  std::string problem() {
    try {
      const Countries countries{path, log};
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return {};
  }

  std::string path;
  std::string written;
  observe::Log log{observe::Format::json, observe::Level::info};

 private:
  fs::path folder_;
};

TEST_F(Geo, country_of_an_address_is_that_of_its_network) {
  const Countries countries{path, log};
  EXPECT_EQ(countries.of("203.0.113.7"), "CH");
  EXPECT_EQ(countries.of("::ffff:203.0.113.7"), countries.of("::ffff:203.0.113.8"));
  EXPECT_EQ(countries.of("198.51.100.200"), "DE");
  EXPECT_EQ(countries.of("2001:db8:1::7"), "FR");
  EXPECT_EQ(countries.of("2001:db8:1::7%eth0"), "FR");
}

TEST_F(Geo, what_is_in_no_network_is_in_no_country) {
  const Countries countries{path, log};
  for (const char* address : {"198.51.100.7", "192.0.2.1", "2001:db9::1", "", "unknown via 203.0.113.7", "localhost",
                              "203.0.113", "203.0.113.0/24"}) {
    EXPECT_EQ(countries.of(address), "") << address;
  }
}

TEST_F(Geo, what_is_no_country_is_none) {
  put_file(path, country_file({{"203.0.113.0", 24, "ch"}, {"198.51.100.0", 24, "CHE"}, {"192.0.2.0", 24, ""}}));
  const Countries countries{path, log};
  for (const char* address : {"203.0.113.7", "198.51.100.7", "192.0.2.7"}) EXPECT_EQ(countries.of(address), "");
}

TEST_F(Geo, file_that_cannot_be_used_is_refused_with_its_setting) {
  EXPECT_EQ(problem(), "");
  put_file(path, "no such thing");
  EXPECT_EQ(problem().find("signin.country_file: " + path + ": "), 0U) << problem();
  fs::remove(path);
  EXPECT_NE(problem(), "");
  fs::create_directory(path);
  EXPECT_NE(problem(), "");
}

TEST_F(Geo, file_says_when_it_was_made) {
  EXPECT_EQ(made_at(path), from_micros(1'700'000'000'000'000));
  EXPECT_THROW((void)made_at(path + ".gone"), std::runtime_error);
}

TEST_F(Geo, renewed_file_is_used_at_once) {
  const Countries countries{path, log};
  put_file(path, country_file({{"203.0.113.0", 24, "AT"}}));
  EXPECT_EQ(countries.of("203.0.113.7"), "AT");
  EXPECT_TRUE(log.flush());
  EXPECT_NE(written.find("geo.file_reloaded"), std::string::npos) << written;
}

TEST_F(Geo, damaged_or_missing_file_leaves_the_one_before) {
  const Countries countries{path, log};
  put_file(path, "no such thing");
  EXPECT_EQ(countries.of("203.0.113.7"), "CH");
  EXPECT_EQ(countries.of("203.0.113.7"), "CH");
  EXPECT_TRUE(log.flush());
  EXPECT_NE(written.find("geo.file_unusable"), std::string::npos) << written;
  EXPECT_EQ(written.find("geo.file_unusable"), written.rfind("geo.file_unusable")) << "said once";
  fs::remove(path);
  EXPECT_EQ(countries.of("203.0.113.7"), "CH");
}

// Whoever copies over the file in place makes it shorter first; what had it mapped would end by SIGBUS.
TEST_F(Geo, file_that_is_cut_in_place_ends_nothing) {
  const Countries countries{path, log};
  fs::resize_file(path, 0);
  EXPECT_EQ(countries.of("203.0.113.7"), "CH");
}

TEST_F(Geo, damaged_bytes_are_no_more_than_a_wrong_country) {
  const auto good = country_file({{"203.0.113.0", 24, "CH"}, {"2001:db8::", 32, "FR"}});
  std::mt19937 random{1};
  for (int i = 0; i < 400; ++i) {
    auto bytes = good;
    for (int flips = 0; flips < 4; ++flips) bytes[random() % bytes.size()] = static_cast<char>(random());
    put_file(path, bytes);
    try {
      const Countries countries{path, log};
      EXPECT_LE(countries.of("203.0.113.7").size(), 2U);
      EXPECT_LE(countries.of("2001:db8::1").size(), 2U);
    } catch (const std::runtime_error&) {
      continue;  // refused
    }
  }
}

}  // namespace
}  // namespace cardea::geo
