#include "crypto/sha1.hpp"

#include <openssl/sha.h>

#include <stdexcept>

namespace cardea::crypto {

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"  // as in hash.cpp
Sha1 sha1(BytesView data) {
  SHA_CTX state;
  Sha1 out{};
  const bool good = SHA1_Init(&state) == 1 && SHA1_Update(&state, data.data(), data.size()) == 1 &&
                    SHA1_Final(out.data(), &state) == 1;  // which wipes its copy of the data
  if (!good) throw std::runtime_error{"SHA-1 failed"};
  return out;
}
#pragma GCC diagnostic pop

}  // namespace cardea::crypto
