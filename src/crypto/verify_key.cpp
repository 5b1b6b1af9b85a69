#include "crypto/verify_key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <new>
#include <string>
#include <utility>

#include "crypto/openssl_errors.hpp"
#include "crypto/owner.hpp"

namespace cardea::crypto {
namespace {

using Key = Owner<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Owner<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using Context = Owner<EVP_MD_CTX, EVP_MD_CTX_free>;
using Number = Owner<BIGNUM, BN_free>;
using Builder = Owner<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using Parameters = Owner<OSSL_PARAM, OSSL_PARAM_free>;

constexpr std::size_t coordinate_size = 32;
constexpr std::size_t ed25519_size = 32;
constexpr int fewest_rsa_bits = 2048;
constexpr int most_rsa_bits = 4096;
constexpr std::size_t longest_exponent = 4;

void need(bool good) {
  if (!good) fail_for_memory();
}

// A key that is none is no failure of ours; memory that is missing says nothing about the key.
Key key_from(const char* type, OSSL_PARAM* parameters) {
  const KeyContext context{EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr)};
  need(context && EVP_PKEY_fromdata_init(context.get()) == 1);
  EVP_PKEY* made = nullptr;
  const bool good = EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters) == 1;
  Key key{made};
  if (good) return key;
  if (found_no_memory()) throw std::bad_alloc{};
  return nullptr;
}

Number number_of(BytesView bytes) {
  Number number{BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr)};
  need(number != nullptr);
  return number;
}

bool is_bounded(const BIGNUM* modulus, BytesView exponent) {
  const int bits = BN_num_bits(modulus);
  if (bits < fewest_rsa_bits || bits > most_rsa_bits || BN_is_odd(modulus) == 0) return false;
  if (exponent.empty() || exponent.size() > longest_exponent || exponent.front() == 0) return false;
  const bool is_one = exponent.size() == 1 && exponent.front() == 1;
  return (exponent.back() & 1U) == 1 && !is_one;
}

std::optional<Algorithm> algorithm_of(const EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "ED25519") == 1) return Algorithm::eddsa;
  if (EVP_PKEY_is_a(key, "RSA") == 1) {
    const int bits = EVP_PKEY_get_bits(key);
    return bits >= fewest_rsa_bits && bits <= most_rsa_bits ? std::optional{Algorithm::rs256} : std::nullopt;
  }
  char group[64] = {};
  std::size_t size = 0;
  const bool is_p256 = EVP_PKEY_is_a(key, "EC") == 1 && EVP_PKEY_get_group_name(key, group, sizeof group, &size) == 1 &&
                       std::string_view{group, size} == "prime256v1";
  return is_p256 ? std::optional{Algorithm::es256} : std::nullopt;
}

}  // namespace

struct VerifyKey::State {
  Algorithm algorithm;
  Key key;  // OpenSSL locks what it caches inside, so const use is shared between threads
};

VerifyKey::VerifyKey(std::unique_ptr<State> state) : state_(std::move(state)) {}
VerifyKey::VerifyKey(VerifyKey&&) noexcept = default;
VerifyKey& VerifyKey::operator=(VerifyKey&&) noexcept = default;
VerifyKey::~VerifyKey() = default;

std::optional<VerifyKey> VerifyKey::adopt(evp_pkey_st* key) {
  Key owned{key};
  const auto algorithm = owned ? algorithm_of(owned.get()) : std::nullopt;
  if (!algorithm) {
    if (found_no_memory()) throw std::bad_alloc{};
    return std::nullopt;
  }
  return VerifyKey{std::unique_ptr<State>{new State{*algorithm, std::move(owned)}}};
}

std::optional<VerifyKey> VerifyKey::es256(BytesView x, BytesView y) {
  if (x.size() != coordinate_size || y.size() != coordinate_size) return std::nullopt;
  Bytes point{0x04};  // uncompressed (SEC 1 §2.3.3)
  point.insert(point.end(), x.begin(), x.end());
  point.insert(point.end(), y.begin(), y.end());
  std::string group = "P-256";
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
      OSSL_PARAM_construct_end(),
  };
  return adopt(key_from("EC", parameters).release());
}

std::optional<VerifyKey> VerifyKey::eddsa(BytesView x) {
  if (x.size() != ed25519_size) return std::nullopt;
  return adopt(EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, x.data(), x.size()));
}

std::optional<VerifyKey> VerifyKey::rs256(BytesView modulus, BytesView exponent) {
  if (modulus.size() > most_rsa_bits / 8 || modulus.empty() || modulus.front() == 0) return std::nullopt;
  const Number n = number_of(modulus);
  if (!is_bounded(n.get(), exponent)) return std::nullopt;
  const Number e = number_of(exponent);
  const Builder builder{OSSL_PARAM_BLD_new()};
  need(builder && OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) == 1 &&
       OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) == 1);
  const Parameters parameters{OSSL_PARAM_BLD_to_param(builder.get())};
  need(parameters != nullptr);
  return adopt(key_from("RSA", parameters.get()).release());
}

Algorithm VerifyKey::algorithm() const { return state_->algorithm; }

bool VerifyKey::verify(BytesView data, BytesView signature) const {
  if (signature.empty()) return false;
  const char* const digest = state_->algorithm == Algorithm::eddsa ? nullptr : "SHA256";
  const Context context{EVP_MD_CTX_new()};
  need(context &&
       EVP_DigestVerifyInit_ex(context.get(), nullptr, digest, nullptr, nullptr, state_->key.get(), nullptr) == 1);
  if (EVP_DigestVerify(context.get(), signature.data(), signature.size(), data.data(), data.size()) == 1) return true;
  if (found_no_memory()) throw std::bad_alloc{};  // which says nothing about the signature
  return false;
}

}  // namespace cardea::crypto
