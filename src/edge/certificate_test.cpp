#include "edge/certificate.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "edge/self_signed.hpp"
#include "edge/server.hpp"

namespace cardea::edge {
namespace {

using namespace std::chrono_literals;

constexpr Time now = Time{500'000h};

TEST(Certificate, says_how_long_and_for_whom_it_is_good) {
  std::string folder = (std::filesystem::temp_directory_path() / "cardea-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const std::string file = folder + "/c.pem";
  ASSERT_TRUE(write_self_signed(file, folder + "/k.pem", now).ok());
  const auto facts = read_certificate(file, "localhost");
  ASSERT_TRUE(facts.ok());
  EXPECT_EQ(facts->not_before, now - 1h);
  EXPECT_EQ(facts->not_after, now + 30 * 24h);
  for (const auto* host : {"localhost", "LOCALHOST", "127.0.0.1", "[::1]", ""}) {
    EXPECT_TRUE(read_certificate(file, host)->covers_host) << host;
  }
  for (const auto* host : {"auth.example.com", "127.0.0.2", "[::2]", "x.localhost"}) {
    EXPECT_FALSE(read_certificate(file, host)->covers_host) << host;
  }
  EXPECT_TRUE(read_certificate(folder + "/k.pem", "").error().is(wrong_certificate));
  EXPECT_NE(read_certificate(folder + "/absent", "").error().detail.find("absent"), std::string::npos);
  std::filesystem::remove_all(folder);
}

TEST(Certificate, is_only_replaced_by_one_that_is_no_worse) {
  const CertificateFacts good{.not_before = now - 24h, .not_after = now + 24h};
  const CertificateFacts expired{.not_before = now - 48h, .not_after = now};
  const CertificateFacts early{.not_before = now + 1s, .not_after = now + 24h};
  CertificateFacts other = good;
  other.covers_host = false;
  EXPECT_EQ(problem_with_successor(good, good, now), "");
  EXPECT_EQ(problem_with_successor(good, expired, now), "");
  EXPECT_EQ(problem_with_successor(good, other, now), "");
  EXPECT_EQ(problem_with_successor(other, other, now), "") << "behind a proxy that asks for another name";
  EXPECT_NE(problem_with_successor(expired, good, now), "");
  EXPECT_NE(problem_with_successor(expired, expired, now), "");
  EXPECT_NE(problem_with_successor(early, good, now), "");
  EXPECT_NE(problem_with_successor(other, good, now), "");
}

}  // namespace
}  // namespace cardea::edge
