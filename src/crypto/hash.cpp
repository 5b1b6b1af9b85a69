#include "crypto/hash.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <sodium.h>

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

using Method = Owner<EVP_MD, EVP_MD_free>;
using Context = Owner<EVP_MD_CTX, EVP_MD_CTX_free>;

template <class Owned, class T>
Owned made(T* object) {
  if (object == nullptr) fail("OpenSSL has no SHA-256");
  return Owned{object};
}

}  // namespace

// OpenSSL's: it uses the processor's own instructions where there are any. Fetching the method takes longer than the
// hash of a token, and so does making a context; its buffer is wiped by OpenSSL at the end of each hash.
Digest sha256(BytesView data) {
  // Neither is kept when there was no memory for it.
  static const Method method = made<Method>(EVP_MD_fetch(nullptr, "SHA256", nullptr));
  thread_local const Context context = made<Context>(EVP_MD_CTX_new());
  Digest out{};
  const bool good = EVP_DigestInit_ex2(context.get(), method.get(), nullptr) == 1 &&
                    EVP_DigestUpdate(context.get(), data.data(), data.size()) == 1 &&
                    EVP_DigestFinal_ex(context.get(), out.data(), nullptr) == 1;
  if (!good) fail_for_memory();  // nothing else can be missing
  return out;
}

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
