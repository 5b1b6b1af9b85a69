#include "crypto/hash.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <thread>
#include <vector>

#include "crypto/system_random.hpp"
#include "encoding/base64.hpp"

namespace cardea::crypto {
namespace {

Bytes from_hex(std::string_view text) { return encoding::parse_hex(text).value(); }

TEST(Sha256, agrees_with_the_examples_of_fips_180_4) {
  EXPECT_EQ(encoding::hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(encoding::hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(encoding::hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

struct HmacVector {
  const char* name;
  Bytes key;
  Bytes data;
  const char* mac;
};

TEST(HmacSha256, agrees_with_rfc_4231) {
  const HmacVector vectors[] = {
      {"case 1", Bytes(20, 0x0b), to_bytes("Hi There"),
       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {"case 2: short key", to_bytes("Jefe"), to_bytes("what do ya want for nothing?"),
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {"case 3", Bytes(20, 0xaa), Bytes(50, 0xdd), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {"case 4", from_hex("0102030405060708090a0b0c0d0e0f10111213141516171819"), Bytes(50, 0xcd),
       "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {"case 6: key longer than a block", Bytes(131, 0xaa),
       to_bytes("Test Using Larger Than Block-Size Key - Hash Key First"),
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {"case 7: both longer than a block", Bytes(131, 0xaa),
       to_bytes(
           "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
           "hashed before being used by the HMAC algorithm."),
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
  };
  for (const auto& vector : vectors) {
    EXPECT_EQ(encoding::hex(hmac_sha256(vector.key, vector.data)), vector.mac) << vector.name;
  }
}

TEST(DeriveKey, agrees_with_rfc_5869_case_3) {
  const Secret master{Bytes(22, 0x0b)};
  EXPECT_EQ(encoding::hex(derive_key(master, "").reveal_bytes()),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
}

TEST(DeriveKey, is_extract_and_expand_over_the_purpose) {
  const Secret master{"a master secret"};
  const Digest extracted = hmac_sha256(Bytes(32, 0), master.reveal_bytes());
  const Digest expanded = hmac_sha256(extracted, as_bytes("form token\x01"));
  EXPECT_EQ(encoding::hex(derive_key(master, "form token").reveal_bytes()), encoding::hex(expanded));
}

TEST(DeriveKey, purposes_and_masters_give_unrelated_keys) {
  const Secret one{"one"};
  const Secret two{"two"};
  const std::set<std::string> keys{
      std::string{derive_key(one, "a").reveal()}, std::string{derive_key(one, "b").reveal()},
      std::string{derive_key(one, "").reveal()}, std::string{derive_key(two, "a").reveal()}};
  EXPECT_EQ(keys.size(), 4U);
}

TEST(DeriveKey, an_empty_master_is_refused) {
  EXPECT_THROW(std::ignore = derive_key(Secret{}, "a"), std::invalid_argument);
}

TEST(ConstantTimeEqual, compares_content_and_length) {
  EXPECT_TRUE(constant_time_equal(as_bytes("same"), as_bytes("same")));
  EXPECT_TRUE(constant_time_equal({}, {}));
  EXPECT_FALSE(constant_time_equal(as_bytes("same"), as_bytes("sama")));
  EXPECT_FALSE(constant_time_equal(as_bytes("same"), as_bytes("same ")));
  EXPECT_FALSE(constant_time_equal(as_bytes("same"), {}));
}

template <class Source>
class RandomSource : public testing::Test {};
using RandomSources = testing::Types<SystemRandom, SuppliedRandom>;
TYPED_TEST_SUITE(RandomSource, RandomSources);

TYPED_TEST(RandomSource, never_repeats_itself_on_any_thread) {
  TypeParam random;
  std::array<std::vector<std::array<std::uint8_t, 16>>, 3> drawn;
  {
    std::vector<std::jthread> threads;
    for (auto& own : drawn) {
      threads.emplace_back([&random, &own] {
        for (int i = 0; i < 1000; ++i) own.push_back(random.template bytes<16>());
      });
    }
  }
  std::set<std::array<std::uint8_t, 16>> seen;
  for (const auto& own : drawn) seen.insert(own.begin(), own.end());
  EXPECT_EQ(seen.size(), 3000U);
}

TYPED_TEST(RandomSource, fills_any_size_to_its_end) {
  TypeParam random;
  for (const std::size_t size : {std::size_t{1}, std::size_t{15}, std::size_t{1000}, std::size_t{3000}}) {
    std::vector<std::uint8_t> any(size);
    for (int i = 0; i < 20; ++i) {  // an octet that is never written stays zero each time
      std::vector<std::uint8_t> out(size);
      random.fill(out);
      for (std::size_t at = 0; at < size; ++at) any[at] |= out[at];
    }
    EXPECT_EQ(std::count(any.begin(), any.end(), 0), 0) << size;
  }
}

}  // namespace
}  // namespace cardea::crypto
