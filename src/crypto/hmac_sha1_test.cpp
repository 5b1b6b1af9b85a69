#include "crypto/hmac_sha1.hpp"

#include <gtest/gtest.h>

#include "encoding/base64.hpp"

namespace cardea::crypto {
namespace {

// RFC 2202 §3, cases 1, 2, 3 and 6.
TEST(HmacSha1, meets_the_vectors_of_rfc_2202) {
  const auto mac = [](BytesView key, std::string_view data) { return encoding::hex(hmac_sha1(key, as_bytes(data))); };
  EXPECT_EQ(mac(Bytes(20, 0x0B), "Hi There"), "b617318655057264e28bc0b6fb378c8ef146be00");
  EXPECT_EQ(mac(as_bytes("Jefe"), "what do ya want for nothing?"), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  EXPECT_EQ(mac(Bytes(20, 0xAA), std::string(50, '\xDD')), "125d7342b9ac11cd91a39af48aa17b4f63f175d3");
  EXPECT_EQ(mac(Bytes(80, 0xAA), "Test Using Larger Than Block-Size Key - Hash Key First"),
            "aa4ae5e15272d00e95705637ce8a3b55ed402112");
}

}  // namespace
}  // namespace cardea::crypto
