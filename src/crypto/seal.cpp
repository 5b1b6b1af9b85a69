#include "crypto/seal.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "crypto/start.hpp"

namespace cardea::crypto {
namespace {

constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;

void expect_key(const Secret& key) {
  if (key.size() != crypto_aead_xchacha20poly1305_ietf_KEYBYTES)
    throw std::invalid_argument{"a sealing key has 32 bytes"};
  start_library();
}

}  // namespace

Bytes seal(const Secret& key, BytesView plain, std::string_view where, Random& random) {
  expect_key(key);
  const auto nonce = random.bytes<nonce_size>();
  Bytes out(nonce_size + plain.size() + tag_size);
  std::copy(nonce.begin(), nonce.end(), out.begin());
  const BytesView place = as_bytes(where);
  crypto_aead_xchacha20poly1305_ietf_encrypt(out.data() + nonce_size, nullptr, plain.data(), plain.size(), place.data(),
                                             place.size(), nullptr, nonce.data(), key.reveal_bytes().data());
  return out;
}

std::optional<Secret> open(const Secret& key, BytesView sealed, std::string_view where) {
  expect_key(key);
  if (sealed.size() < nonce_size + tag_size) return std::nullopt;
  const BytesView nonce = sealed.first(nonce_size);
  const BytesView box = sealed.subspan(nonce_size);
  const BytesView place = as_bytes(where);
  Bytes plain(box.size() - tag_size);
  const int failed =
      crypto_aead_xchacha20poly1305_ietf_decrypt(plain.data(), nullptr, nullptr, box.data(), box.size(), place.data(),
                                                 place.size(), nonce.data(), key.reveal_bytes().data());
  if (failed != 0) return std::nullopt;
  Secret out{BytesView{plain}};
  wipe(plain.data(), plain.size());
  return out;
}

}  // namespace cardea::crypto
