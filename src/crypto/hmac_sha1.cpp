#include "crypto/hmac_sha1.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "crypto/openssl_errors.hpp"

namespace cardea::crypto {

Sha1Mac hmac_sha1(BytesView key, BytesView data) {
  Sha1Mac mac{};
  unsigned int size = 0;
  const auto* made =
      HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), data.data(), data.size(), mac.data(), &size);
  if (made == nullptr || size != mac.size()) fail("HMAC-SHA-1 failed");
  return mac;
}

}  // namespace cardea::crypto
