#include "webauthn/cbor.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "encoding/base64.hpp"

namespace cardea::webauthn {
namespace {

bool is_read(std::string_view hex) { return parse_cbor(encoding::parse_hex(hex).value()).has_value(); }

TEST(Cbor, numbers_texts_lists_and_maps_are_read) {
  const auto bytes = encoding::parse_hex("a301182a2063616263637879748201f5").value();
  const auto value = parse_cbor(bytes);
  ASSERT_TRUE(value);
  EXPECT_EQ(*value->find_as<std::int64_t>(std::int64_t{1}), 42);
  EXPECT_EQ(*value->find_as<std::string_view>(std::int64_t{-1}), "abc");
  const auto* list = value->find_as<CborValue::List>(std::string_view{"xyt"});
  ASSERT_NE(list, nullptr);
  EXPECT_EQ(*list->at(0).get<std::int64_t>(), 1);
  EXPECT_TRUE(*list->at(1).get<bool>());
  EXPECT_EQ(value->find(std::int64_t{2}), nullptr);
  EXPECT_EQ(CborValue{}.find("a"), nullptr) << "not a map";
  for (const char* whole :
       {"00", "17", "1818", "1b7fffffffffffffff", "3b7fffffffffffffff", "40", "60", "80", "a0", "f4", "f6",
        "5818"
        "000000000000000000000000000000000000000000000000"}) {
    EXPECT_TRUE(is_read(whole)) << whole;
  }
}

TEST(Cbor, what_is_not_canonical_is_refused) {
  const std::pair<const char*, const char*> bad[] = {
      {"", "nothing"},
      {"1817", "a number in two bytes that fits into one"},
      {"190017", "in three"},
      {"1900ff", "in three that fits into two"},
      {"1a0000ffff", "in five that fits into three"},
      {"1b00000000ffffffff", "in nine that fits into five"},
      {"1b8000000000000000", "beyond 63 bits"},
      {"3b8000000000000000", "below them"},
      {"1c", "a reserved length"},
      {"5f40ff", "bytes of indefinite length"},
      {"7f60ff", "text of indefinite length"},
      {"9fff", "a list of indefinite length"},
      {"bfff", "a map of indefinite length"},
      {"5801ff", "a length in two bytes that fits into one"},
      {"a2010001"
       "00",
       "a key twice"},
      {"a202000100", "keys out of order"},
      {"a2616100"
       "0000",
       "a text before a number"},
      {"a262616100"
       "6162"
       "00",
       "a longer key before a shorter one"},
      {"a1f500", "a key that is neither number nor text"},
      {"a14000", "a key of bytes"},
      {"c000", "a tag"},
      {"f7", "undefined"},
      {"f820", "a simple value in two bytes"},
      {"f90000", "a float"},
      {"fb0000000000000000", "a double"},
      {"61ff", "text that is not UTF-8"},
      {"0000", "something behind it"},
      {"43"
       "0102",
       "fewer bytes than it says"},
      {"5bffffffffffffffff", "many more than there are"},
      {"9bffffffffffffffff", "a list without end"},
      {"8181818180", "five deep"},
  };
  for (const auto& [hex, why] : bad) EXPECT_FALSE(is_read(hex)) << why;
  EXPECT_TRUE(is_read("81818180")) << "four deep";
}

TEST(Cbor, number_of_items_is_bounded) {
  std::string list = "98ff";
  for (int i = 0; i < 255; ++i) list += "00";
  EXPECT_TRUE(is_read(list)) << "256 with the list itself";
  std::string longer = "990100";
  for (int i = 0; i < 256; ++i) longer += "00";
  EXPECT_FALSE(is_read(longer));
}

TEST(Cbor, prefix_says_where_it_ends) {
  const auto bytes = encoding::parse_hex("a1010203").value();
  const auto prefix = read_cbor(bytes);
  ASSERT_TRUE(prefix);
  EXPECT_EQ(prefix->size, 3U);
}

TEST(Cbor, random_bytes_never_crash_it) {
  std::mt19937 engine{1};
  for (int round = 0; round < 20'000; ++round) {
    Bytes bytes(engine() % 40);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(engine());
    std::ignore = parse_cbor(bytes);
  }
}

}  // namespace
}  // namespace cardea::webauthn
