#include "encoding/base32.hpp"

#include <gtest/gtest.h>

namespace cardea::encoding {
namespace {

TEST(Base32, meets_the_vectors_of_rfc_4648) {
  const auto text = [](std::string_view bytes) { return base32(as_bytes(bytes)); };
  EXPECT_EQ(text(""), "");
  EXPECT_EQ(text("f"), "MY");
  EXPECT_EQ(text("fo"), "MZXQ");
  EXPECT_EQ(text("foo"), "MZXW6");
  EXPECT_EQ(text("foob"), "MZXW6YQ");
  EXPECT_EQ(text("fooba"), "MZXW6YTB");
  EXPECT_EQ(text("foobar"), "MZXW6YTBOI");
}

TEST(Base32, of_twenty_bytes_has_thirty_two_characters) {
  EXPECT_EQ(base32(Bytes(20, 0xFF)), std::string(32, '7'));
  EXPECT_EQ(base32(Bytes(20, 0x00)), std::string(32, 'A'));
}

}  // namespace
}  // namespace cardea::encoding
