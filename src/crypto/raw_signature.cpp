#include "crypto/raw_signature.hpp"

#include <openssl/bn.h>
#include <openssl/ec.h>

#include <tuple>

#include "crypto/openssl_errors.hpp"
#include "crypto/owner.hpp"

namespace cardea::crypto {
namespace {

using Number = Owner<BIGNUM, BN_clear_free>;
using EcSignature = Owner<ECDSA_SIG, ECDSA_SIG_free>;

constexpr int coordinate_size = 32;  // of r and s

void need(bool good) {
  if (!good) fail_for_memory();
}

}  // namespace

// OpenSSL refuses zero and what is not below the group's order when it verifies.
Bytes der_of_raw_signature(BytesView raw) {
  if (raw.size() != 2 * coordinate_size) return {};
  Number r{BN_bin2bn(raw.data(), coordinate_size, nullptr)};
  Number s{BN_bin2bn(raw.data() + coordinate_size, coordinate_size, nullptr)};
  const EcSignature signature{ECDSA_SIG_new()};
  need(r && s && signature);
  need(ECDSA_SIG_set0(signature.get(), r.get(), s.get()) == 1);
  std::ignore = r.release();  // now the signature's
  std::ignore = s.release();
  const int size = i2d_ECDSA_SIG(signature.get(), nullptr);
  need(size > 0);
  Bytes out(static_cast<std::size_t>(size));
  unsigned char* at = out.data();
  need(i2d_ECDSA_SIG(signature.get(), &at) == size);
  return out;
}

}  // namespace cardea::crypto
