#include "crypto/hash.hpp"

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/sha.h>
#include <sodium.h>

#include <stdexcept>
#include <string>

#include "crypto/openssl_errors.hpp"
#include "crypto/owner.hpp"

namespace cardea::crypto {
namespace {

// libsodium 1.0.18 has no HKDF; its 1.0.19 does.
Digest hkdf_sha256(BytesView master, std::string_view info) {
  const Owner<EVP_KDF, EVP_KDF_free> kdf{EVP_KDF_fetch(nullptr, "HKDF", nullptr)};
  if (!kdf) fail("OpenSSL has no HKDF");
  const Owner<EVP_KDF_CTX, EVP_KDF_CTX_free> context{EVP_KDF_CTX_new(kdf.get())};
  std::string digest_name = "SHA256";
  Bytes key = to_bytes(master);  // OSSL_PARAM takes pointers to non-const
  Bytes purpose = to_bytes(info);
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest_name.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key.data(), key.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, purpose.data(), purpose.size()),
      OSSL_PARAM_construct_end(),
  };
  Digest out{};
  const bool good = context && EVP_KDF_derive(context.get(), out.data(), out.size(), parameters) == 1;
  wipe(key.data(), key.size());
  if (!good) fail("HKDF failed");
  return out;
}

}  // namespace

// OpenSSL's: it uses the processor's own instructions where there are any. By the functions beneath EVP, which makes a
// context for each digest and asks for engines under a lock: together that takes as long as the hash of a token.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"  // since OpenSSL 3.0, which still has them in every version
Digest sha256(BytesView data) {
  SHA256_CTX state;
  Digest out{};
  const bool good = SHA256_Init(&state) == 1 && SHA256_Update(&state, data.data(), data.size()) == 1 &&
                    SHA256_Final(out.data(), &state) == 1;  // which wipes its copy of the data
  if (!good) throw std::runtime_error{"SHA-256 failed"};
  return out;
}
#pragma GCC diagnostic pop

Digest hmac_sha256(BytesView key, BytesView data) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, key.data(), key.size());
  crypto_auth_hmacsha256_update(&state, data.data(), data.size());
  Digest out{};
  crypto_auth_hmacsha256_final(&state, out.data());
  wipe(&state, sizeof state);  // holds the padded key's digests
  return out;
}

Secret derive_key(const Secret& master, std::string_view purpose) {
  if (master.empty()) throw std::invalid_argument{"a key cannot be derived from an empty secret"};
  Digest key = hkdf_sha256(master.reveal_bytes(), purpose);
  Secret out{BytesView{key}};
  wipe(key.data(), key.size());
  return out;
}

bool constant_time_equal(BytesView a, BytesView b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace cardea::crypto
