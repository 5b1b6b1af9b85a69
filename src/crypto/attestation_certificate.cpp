#include "crypto/attestation_certificate.hpp"

#include <openssl/asn1.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <new>
#include <utility>

#include "crypto/openssl_errors.hpp"
#include "crypto/owner.hpp"

namespace cardea::crypto {
namespace {

using Certificate = Owner<X509, X509_free>;
using ObjectId = Owner<ASN1_OBJECT, ASN1_OBJECT_free>;

constexpr const char* model_extension = "1.3.6.1.4.1.45724.1.1.4";  // id-fido-gen-ce-aaguid
constexpr std::size_t aaguid_size = 16;
using Aaguid = std::array<std::uint8_t, aaguid_size>;

std::string subject_part(const X509* certificate, int nid) {
  const X509_NAME* name = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(name, nid, -1);
  if (at < 0) return {};
  const ASN1_STRING* text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
  return std::string{as_text({ASN1_STRING_get0_data(text), static_cast<std::size_t>(ASN1_STRING_length(text))})};
}

struct Model {
  bool is_sound = true;
  std::optional<Aaguid> aaguid = {};
};

// An octet string of 16 bytes inside the octet string that every extension is; never critical.
Model model_of(const X509* certificate) {
  const ObjectId id{OBJ_txt2obj(model_extension, 1)};
  if (!id) fail_for_memory();
  const int at = X509_get_ext_by_OBJ(certificate, id.get(), -1);
  if (at < 0) return {};
  X509_EXTENSION* extension = X509_get_ext(certificate, at);
  const ASN1_OCTET_STRING* value = X509_EXTENSION_get_data(extension);
  const BytesView bytes{ASN1_STRING_get0_data(value), static_cast<std::size_t>(ASN1_STRING_length(value))};
  const bool is_sound = X509_EXTENSION_get_critical(extension) == 0 && bytes.size() == 2 + aaguid_size &&
                        bytes[0] == V_ASN1_OCTET_STRING && bytes[1] == aaguid_size &&
                        X509_get_ext_by_OBJ(certificate, id.get(), at) < 0;
  if (!is_sound) return {.is_sound = false};
  Aaguid aaguid{};
  std::copy(bytes.begin() + 2, bytes.end(), aaguid.begin());
  return {.aaguid = aaguid};
}

}  // namespace

std::optional<AttestationCertificate> AttestationCertificate::from_der(BytesView der) {
  const unsigned char* at = der.data();
  const Certificate certificate{d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
  if (!certificate || at != der.data() + der.size()) {
    if (found_no_memory()) throw std::bad_alloc{};
    return std::nullopt;
  }
  auto key = VerifyKey::adopt(X509_get_pubkey(certificate.get()));
  const Model model = model_of(certificate.get());
  const auto flags = X509_get_extension_flags(certificate.get());
  if (!key || !model.is_sound || (flags & EXFLAG_INVALID) != 0) {
    if (found_no_memory()) throw std::bad_alloc{};
    return std::nullopt;
  }
  return AttestationCertificate{.key = *std::move(key),
                                .is_version_3 = X509_get_version(certificate.get()) == X509_VERSION_3,
                                .is_end_entity = (flags & EXFLAG_BCONS) != 0 && (flags & EXFLAG_CA) == 0,
                                .country = subject_part(certificate.get(), NID_countryName),
                                .organization = subject_part(certificate.get(), NID_organizationName),
                                .unit = subject_part(certificate.get(), NID_organizationalUnitName),
                                .common_name = subject_part(certificate.get(), NID_commonName),
                                .aaguid = model.aaguid};
}

}  // namespace cardea::crypto
