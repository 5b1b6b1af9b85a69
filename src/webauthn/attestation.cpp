#include "webauthn/attestation.hpp"

#include <algorithm>

#include "crypto/attestation_certificate.hpp"
#include "webauthn/cose_key.hpp"

namespace cardea::webauthn {
namespace {

constexpr std::size_t most_certificates = 8;

// §8.2.1
bool is_attestation_certificate(const crypto::AttestationCertificate& certificate, BytesView aaguid) {
  const bool has_subject = certificate.country.size() == 2 && !certificate.organization.empty() &&
                           !certificate.common_name.empty() && certificate.unit == "Authenticator Attestation";
  const bool is_of_model = !certificate.aaguid || std::equal(aaguid.begin(), aaguid.end(), certificate.aaguid->begin(),
                                                             certificate.aaguid->end());
  return certificate.is_version_3 && certificate.is_end_entity && has_subject && is_of_model;
}

Result<Attestation> check_certified(const CborValue::List& chain, std::int64_t algorithm, BytesView signature,
                                    const AttestedCredential& credential, BytesView signed_data) {
  if (chain.empty() || chain.size() > most_certificates) return refused("attestation_chain");
  for (const auto& link : chain) {
    if (link.get<BytesView>() == nullptr) return refused("attestation_chain");
  }
  const auto certificate = crypto::AttestationCertificate::from_der(*chain.front().get<BytesView>());
  if (!certificate || !is_attestation_certificate(*certificate, credential.aaguid)) {
    return refused("attestation_certificate");
  }
  if (cose_number(certificate->key.algorithm()) != algorithm) return refused("attestation_algorithm");
  if (!certificate->key.verify(signed_data, signature)) return refused("attestation_signature");
  return Attestation::certificate;
}

// §8.2
Result<Attestation> check_packed(const CborValue& statement, const AttestedCredential& credential,
                                 BytesView signed_data) {
  const auto* algorithm = statement.find_as<std::int64_t>("alg");
  const auto* signature = statement.find_as<BytesView>("sig");
  const CborValue* chain = statement.find("x5c");
  const std::size_t members = chain == nullptr ? 2 : 3;
  if (algorithm == nullptr || signature == nullptr || statement.get<CborValue::Map>()->size() != members) {
    return refused("attestation_statement");
  }
  if (chain != nullptr) {
    const auto* links = chain->get<CborValue::List>();
    if (links == nullptr) return refused("attestation_chain");
    return check_certified(*links, *algorithm, *signature, credential, signed_data);
  }
  if (cose_number(credential.key.algorithm()) != *algorithm) return refused("attestation_algorithm");
  if (!credential.key.verify(signed_data, *signature)) return refused("attestation_signature");
  return Attestation::self;
}

}  // namespace

Result<Attestation> check_attestation(std::string_view format, const CborValue& statement,
                                      const AttestedCredential& credential, BytesView signed_data) {
  const auto* members = statement.get<CborValue::Map>();
  if (members == nullptr) return refused("attestation_statement");
  if (format == "packed") return check_packed(statement, credential, signed_data);
  if (format != "none") return refused("attestation_format");
  if (!members->empty()) return refused("attestation_statement");
  return Attestation::none;
}

}  // namespace cardea::webauthn
