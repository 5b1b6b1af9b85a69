#include "crypto/sha1.hpp"

#include <gtest/gtest.h>

#include "encoding/base64.hpp"

namespace cardea::crypto {
namespace {

TEST(Sha1, of_known_texts) {
  const auto of = [](std::string_view text) { return encoding::hex(sha1(text)); };
  EXPECT_EQ(of("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");  // FIPS 180-4's example
  EXPECT_EQ(of(""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_EQ(of("password"), "5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8");
}

}  // namespace
}  // namespace cardea::crypto
