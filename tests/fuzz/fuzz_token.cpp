// libraries: token
// A JSON Web Token from anyone: its outside, and the payload behind a signature that somebody managed to get.

#include <cstdint>

#include "encoding/base64.hpp"
#include "tests/fuzz/require.hpp"
#include "token/claims.hpp"
#include "token/compact.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cardea;
  using fuzz::require;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  if (const auto parts = token::split(text)) {
    require(text.size() <= token::max_token, "an accepted token is short");
    require(parts->header.size() + parts->payload.size() + parts->signature.size() + 2 == text.size(),
            "nothing is lost");
    if (const auto header = token::parse_header(parts->header)) {
      const auto again = token::parse_header(token::encode(*header));
      require(again && again->kid == header->kid && again->alg == header->alg, "a header reads back as it was");
    }
  }
  const Time now = from_micros(1'800'000'000'000'000);
  if (const auto claims = token::parse_payload(access_token, "https://auth.test", {"uid"}, text, now)) {
    require(claims->expires_at > now, "an accepted payload has not expired");
    require(claims->issued_at <= now + std::chrono::seconds{60}, "nor begins later than the skew allows");
  }
  return 0;
}
