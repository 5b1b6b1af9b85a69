#include "crypto/sign.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <new>
#include <tuple>
#include <utility>

#include "crypto/openssl_errors.hpp"
#include "crypto/owner.hpp"
#include "crypto/raw_signature.hpp"
#include "encoding/base64.hpp"

namespace cardea::crypto {
namespace {

using Key = Owner<EVP_PKEY, EVP_PKEY_free>;
using Context = Owner<EVP_MD_CTX, EVP_MD_CTX_free>;
using Number = Owner<BIGNUM, BN_clear_free>;
using EcSignature = Owner<ECDSA_SIG, ECDSA_SIG_free>;
using Pkcs8 = Owner<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;

constexpr int coordinate_size = 32;  // of P-256, and of r and s
constexpr std::size_t ed25519_size = 32;
constexpr int rsa_bits = 3072;  // as hard to break as 128 bits (ASVS 5.0 11.2.3)

void expect(bool good, const char* what) {
  if (!good) fail(what);
}

/// Of what a key that is whole, as each is seen to be when it is loaded, fails at for want of memory alone.
void need(bool good) {
  if (!good) fail_for_memory();
}

const char* digest_of(Algorithm algorithm) { return algorithm == Algorithm::eddsa ? nullptr : "SHA256"; }

EVP_PKEY* make_key(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::es256: return EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
    case Algorithm::eddsa: return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    case Algorithm::rs256: return EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{rsa_bits});
  }
  return nullptr;
}

bool is_of(Algorithm algorithm, const EVP_PKEY* key) {
  switch (algorithm) {
    case Algorithm::es256: {
      char group[64] = {};
      std::size_t size = 0;
      return EVP_PKEY_is_a(key, "EC") == 1 && EVP_PKEY_get_group_name(key, group, sizeof group, &size) == 1 &&
             std::string_view{group, size} == "prime256v1";
    }
    case Algorithm::eddsa: return EVP_PKEY_is_a(key, "ED25519") == 1;
    case Algorithm::rs256: return EVP_PKEY_is_a(key, "RSA") == 1 && EVP_PKEY_get_bits(key) == rsa_bits;
  }
  return false;
}

Bytes big_endian(const BIGNUM* number, int size) {
  Bytes out(static_cast<std::size_t>(size));
  expect(BN_bn2binpad(number, out.data(), size) == size, "a number does not fit its field");
  return out;
}

/// DER to the fixed-width r‖s of RFC 7518 §3.4.
Bytes raw_from_der(BytesView der) {
  const unsigned char* at = der.data();
  const EcSignature parsed{d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()))};
  need(parsed != nullptr);
  Bytes out = big_endian(ECDSA_SIG_get0_r(parsed.get()), coordinate_size);
  const Bytes s = big_endian(ECDSA_SIG_get0_s(parsed.get()), coordinate_size);
  out.insert(out.end(), s.begin(), s.end());
  return out;
}

std::string number_parameter(const EVP_PKEY* key, const char* name, int size_or_zero) {
  BIGNUM* found = nullptr;
  expect(EVP_PKEY_get_bn_param(key, name, &found) == 1, "a key lacks a parameter");
  const Number number{found};
  return encoding::base64url(big_endian(found, size_or_zero != 0 ? size_or_zero : BN_num_bytes(found)));
}

std::string ed25519_public(const EVP_PKEY* key) {
  Bytes raw(ed25519_size);
  std::size_t size = raw.size();
  expect(EVP_PKEY_get_raw_public_key(key, raw.data(), &size) == 1 && size == raw.size(), "a key lacks its public half");
  return encoding::base64url(raw);
}

}  // namespace

struct SigningKey::State {
  Algorithm algorithm;
  Key key;  // OpenSSL locks what it caches inside, so const use is shared between threads
};

SigningKey::SigningKey(std::unique_ptr<State> state) : state_(std::move(state)) {}
SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey& SigningKey::operator=(SigningKey&&) noexcept = default;
SigningKey::~SigningKey() = default;

SigningKey SigningKey::generate(Algorithm algorithm) {
  Key key{make_key(algorithm)};
  expect(key != nullptr, "OpenSSL made no key");
  return SigningKey{std::unique_ptr<State>{new State{algorithm, std::move(key)}}};
}

std::optional<SigningKey> SigningKey::from_der(Algorithm algorithm, const Secret& der) {
  const unsigned char* at = der.reveal_bytes().data();
  const unsigned char* const end = at + der.size();
  const Pkcs8 parsed{d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(der.size()))};
  Key key{parsed && at == end ? EVP_PKCS82PKEY(parsed.get()) : nullptr};
  if (!key || !is_of(algorithm, key.get())) {
    if (found_no_memory()) throw std::bad_alloc{};  // which says nothing about the key
    return std::nullopt;
  }
  SigningKey loaded{std::unique_ptr<State>{new State{algorithm, std::move(key)}}};
  // A damaged file can hold halves of two keys; such a key would sign what nobody can verify.
  const BytesView probe = as_bytes("cardea key self-test");
  if (!loaded.verify(probe, loaded.sign(probe))) return std::nullopt;
  return loaded;
}

Algorithm SigningKey::algorithm() const { return state_->algorithm; }

Secret SigningKey::private_der() const {
  const Pkcs8 info{EVP_PKEY2PKCS8(state_->key.get())};
  expect(info != nullptr, "a key cannot be exported");
  unsigned char* der = nullptr;
  const int size = i2d_PKCS8_PRIV_KEY_INFO(info.get(), &der);
  expect(size > 0, "a key cannot be exported");
  Secret out{BytesView{der, static_cast<std::size_t>(size)}};
  OPENSSL_clear_free(der, static_cast<std::size_t>(size));
  return out;
}

Bytes SigningKey::sign(BytesView data) const {
  const Context context{EVP_MD_CTX_new()};
  std::size_t size = 0;
  need(context && EVP_DigestSignInit_ex(context.get(), nullptr, digest_of(state_->algorithm), nullptr, nullptr,
                                        state_->key.get(), nullptr) == 1);
  need(EVP_DigestSign(context.get(), nullptr, &size, data.data(), data.size()) == 1);
  Bytes out(size);
  need(EVP_DigestSign(context.get(), out.data(), &size, data.data(), data.size()) == 1);
  out.resize(size);
  return state_->algorithm == Algorithm::es256 ? raw_from_der(out) : out;
}

bool SigningKey::verify(BytesView data, BytesView signature) const {
  const bool raw = state_->algorithm == Algorithm::es256;
  const Bytes given = raw ? der_of_raw_signature(signature) : to_bytes(signature);
  if (given.empty()) return false;
  const Context context{EVP_MD_CTX_new()};
  need(context && EVP_DigestVerifyInit_ex(context.get(), nullptr, digest_of(state_->algorithm), nullptr, nullptr,
                                          state_->key.get(), nullptr) == 1);
  if (EVP_DigestVerify(context.get(), given.data(), given.size(), data.data(), data.size()) == 1) return true;
  if (found_no_memory()) throw std::bad_alloc{};  // which says nothing about the signature
  return false;
}

wire::Object SigningKey::public_jwk() const {
  const EVP_PKEY* key = state_->key.get();
  wire::Object jwk;
  switch (state_->algorithm) {
    case Algorithm::es256:
      jwk.push_back({"kty", "EC"});
      jwk.push_back({"crv", "P-256"});
      jwk.push_back({"x", number_parameter(key, OSSL_PKEY_PARAM_EC_PUB_X, coordinate_size)});
      jwk.push_back({"y", number_parameter(key, OSSL_PKEY_PARAM_EC_PUB_Y, coordinate_size)});
      break;
    case Algorithm::eddsa:
      jwk.push_back({"kty", "OKP"});
      jwk.push_back({"crv", "Ed25519"});
      jwk.push_back({"x", ed25519_public(key)});
      break;
    case Algorithm::rs256:
      jwk.push_back({"kty", "RSA"});
      jwk.push_back({"n", number_parameter(key, OSSL_PKEY_PARAM_RSA_N, 0)});
      jwk.push_back({"e", number_parameter(key, OSSL_PKEY_PARAM_RSA_E, 0)});
      break;
  }
  jwk.push_back({"alg", to_text(state_->algorithm)});
  jwk.push_back({"use", "sig"});
  return jwk;
}

}  // namespace cardea::crypto
