#include "encoding/base64.hpp"

#include <gtest/gtest.h>

#include <rapidcheck.h>

namespace cardea::encoding {
namespace {

TEST(Base64, matches_the_vectors_of_rfc_4648) {
  struct Vector {
    std::string_view text, padded, url, hexadecimal;
  };
  for (const auto& v : std::vector<Vector>{{"", "", "", ""},
                                           {"f", "Zg==", "Zg", "66"},
                                           {"fo", "Zm8=", "Zm8", "666f"},
                                           {"foo", "Zm9v", "Zm9v", "666f6f"},
                                           {"foob", "Zm9vYg==", "Zm9vYg", "666f6f62"},
                                           {"fooba", "Zm9vYmE=", "Zm9vYmE", "666f6f6261"},
                                           {"foobar", "Zm9vYmFy", "Zm9vYmFy", "666f6f626172"},
                                           {"\xfb\xff\xbf", "+/+/", "-_-_", "fbffbf"}}) {
    const auto bytes = as_bytes(v.text);
    EXPECT_EQ(base64(bytes), v.padded);
    EXPECT_EQ(base64url(bytes), v.url);
    EXPECT_EQ(hex(bytes), v.hexadecimal);
    EXPECT_EQ(parse_base64(v.padded), to_bytes(bytes));
    EXPECT_EQ(parse_base64url(v.url), to_bytes(bytes));
    EXPECT_EQ(parse_hex(v.hexadecimal), to_bytes(bytes));
  }
}

TEST(Base64, refuses_other_spellings) {
  using namespace std::string_view_literals;
  for (const auto text :
       {"Zg"sv, "Zg="sv, "Zg==="sv, "Zg===="sv, "Zh=="sv, "Zm9="sv, "Z==="sv, "===="sv, "="sv, "Zg==\n"sv, " Zg=="sv,
        "Z g=="sv, "-_-_"sv, "Zm9v="sv, "Zg==Zg=="sv, "Zm=v"sv, "Zm9\0"sv, "Zm9\xff"sv}) {
    EXPECT_EQ(parse_base64(text), std::nullopt) << text;
  }
  for (const auto text : {"Zg=="sv, "Z"sv, "Zh"sv, "Zm9"sv, "+/+/"sv, "Zg\n"sv, "Zm9v "sv, "Zm9vZ"sv})
    EXPECT_EQ(parse_base64url(text), std::nullopt) << text;
  for (const auto text : {"6"sv, "6F"sv, "6g"sv, "0x66"sv, " 66"sv, "66 "sv, "6\0"sv})
    EXPECT_EQ(parse_hex(text), std::nullopt) << text;
}

TEST(Base64, of_a_known_size_is_read_into_its_place_or_not_at_all) {
  std::array<std::uint8_t, 4> out{};
  EXPECT_TRUE(parse_base64url("Zm9vYg", out));
  EXPECT_EQ(as_text(out), "foob");
  for (const std::string_view wrong : {"", "Zm9v", "Zm9vYmE", "Zm9vYh", "Zm9vY", "Zm9v+g"}) {
    EXPECT_FALSE(parse_base64url(wrong, out)) << wrong;
  }
}

TEST(Base64Property, every_value_has_one_text) {
  EXPECT_TRUE(rc::check([](const Bytes& bytes) {
    RC_ASSERT(parse_base64(base64(bytes)) == bytes);
    RC_ASSERT(parse_base64url(base64url(bytes)) == bytes);
    RC_ASSERT(parse_hex(hex(bytes)) == bytes);
  }));
}

TEST(Base64Property, accepted_text_is_what_would_be_written) {
  EXPECT_TRUE(rc::check([] {
    const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string{"AQgwZz09+/-_="}));
    if (const auto bytes = parse_base64(text)) RC_ASSERT(base64(*bytes) == text);
    if (const auto bytes = parse_base64url(text)) RC_ASSERT(base64url(*bytes) == text);
  }));
}

}  // namespace
}  // namespace cardea::encoding
