#include "crypto/ed25519.hpp"

#include <sodium.h>

#include <stdexcept>

#include "crypto/start.hpp"

namespace cardea::crypto {
namespace {

/// Wiped when it goes.
struct Pair {
  explicit Pair(const Secret& seed) {
    if (seed.size() != crypto_sign_ed25519_SEEDBYTES) throw std::invalid_argument{"an Ed25519 key has 32 bytes"};
    start_library();
    crypto_sign_ed25519_seed_keypair(public_key.data(), secret_key.data(), seed.reveal_bytes().data());
  }
  ~Pair() { sodium_memzero(secret_key.data(), secret_key.size()); }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;

  Ed25519PublicKey public_key{};
  std::array<std::uint8_t, crypto_sign_ed25519_SECRETKEYBYTES> secret_key{};
};

}  // namespace

Ed25519PublicKey ed25519_public_key(const Secret& seed) { return Pair{seed}.public_key; }

Ed25519Signature ed25519_sign(const Secret& seed, BytesView data) {
  const Pair pair{seed};
  Ed25519Signature signature{};
  crypto_sign_ed25519_detached(signature.data(), nullptr, data.data(), data.size(), pair.secret_key.data());
  return signature;
}

bool ed25519_verify(const Ed25519PublicKey& key, BytesView data, BytesView signature) {
  if (signature.size() != crypto_sign_ed25519_BYTES) return false;
  start_library();
  return crypto_sign_ed25519_verify_detached(signature.data(), data.data(), data.size(), key.data()) == 0;
}

}  // namespace cardea::crypto
