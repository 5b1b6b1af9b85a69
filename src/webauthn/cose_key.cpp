#include "webauthn/cose_key.hpp"

namespace cardea::webauthn {
namespace {

constexpr std::int64_t label_type = 1;
constexpr std::int64_t label_algorithm = 3;
constexpr std::int64_t label_curve = -1;  // of EC2 and OKP; the modulus of RSA
constexpr std::int64_t label_x = -2;      // the same; the exponent of RSA
constexpr std::int64_t label_y = -3;

constexpr std::int64_t type_okp = 1;
constexpr std::int64_t type_ec2 = 2;
constexpr std::int64_t type_rsa = 3;
constexpr std::int64_t curve_p256 = 1;
constexpr std::int64_t curve_ed25519 = 6;

bool says(const CborValue& key, std::int64_t label, std::int64_t expected) {
  const auto* number = key.find_as<std::int64_t>(label);
  return number != nullptr && *number == expected;
}

std::optional<crypto::VerifyKey> read_ec2(const CborValue& key, std::size_t members) {
  const auto* x = key.find_as<BytesView>(label_x);
  const auto* y = key.find_as<BytesView>(label_y);
  const bool good = members == 5 && says(key, label_type, type_ec2) && says(key, label_curve, curve_p256) && x && y;
  return good ? crypto::VerifyKey::es256(*x, *y) : std::nullopt;
}

std::optional<crypto::VerifyKey> read_okp(const CborValue& key, std::size_t members) {
  const auto* x = key.find_as<BytesView>(label_x);
  const bool good = members == 4 && says(key, label_type, type_okp) && says(key, label_curve, curve_ed25519) && x;
  return good ? crypto::VerifyKey::eddsa(*x) : std::nullopt;
}

std::optional<crypto::VerifyKey> read_rsa(const CborValue& key, std::size_t members) {
  const auto* modulus = key.find_as<BytesView>(label_curve);
  const auto* exponent = key.find_as<BytesView>(label_x);
  const bool good = members == 4 && says(key, label_type, type_rsa) && modulus && exponent;
  return good ? crypto::VerifyKey::rs256(*modulus, *exponent) : std::nullopt;
}

}  // namespace

std::int64_t cose_number(crypto::Algorithm algorithm) {
  switch (algorithm) {
    case crypto::Algorithm::es256: return cose_es256;
    case crypto::Algorithm::eddsa: return cose_eddsa;
    case crypto::Algorithm::rs256: return cose_rs256;
  }
  return 0;
}

std::optional<crypto::VerifyKey> read_cose_key(const CborValue& value) {
  const auto* members = value.get<CborValue::Map>();
  const auto* algorithm = value.find_as<std::int64_t>(label_algorithm);
  if (members == nullptr || algorithm == nullptr) return std::nullopt;
  switch (*algorithm) {
    case cose_es256: return read_ec2(value, members->size());
    case cose_eddsa: return read_okp(value, members->size());
    case cose_rs256: return read_rsa(value, members->size());
    default: return std::nullopt;
  }
}

std::optional<crypto::VerifyKey> parse_cose_key(BytesView bytes) {
  const auto value = parse_cbor(bytes);
  return value ? read_cose_key(*value) : std::nullopt;
}

}  // namespace cardea::webauthn
