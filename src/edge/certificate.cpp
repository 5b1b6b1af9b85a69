#include "edge/certificate.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "crypto/owner.hpp"
#include "edge/server.hpp"

namespace cardea::edge {
namespace {

using Certificate = crypto::Owner<X509, X509_free>;
using File = crypto::Owner<BIO, BIO_free>;

Error unusable(const std::string& file) {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return {wrong_certificate, file + ": " + (reason != nullptr ? reason : "it cannot be read")};
}

/// Of a time that OpenSSL cannot count from 1970, the epoch: long past, and not yet begun, are both refused.
Time to_time(const ASN1_TIME* text) {
  int days = 0;
  int seconds = 0;
  const crypto::Owner<ASN1_TIME, ASN1_TIME_free> epoch{ASN1_TIME_set(nullptr, 0)};
  if (!epoch || ASN1_TIME_diff(&days, &seconds, epoch.get(), text) != 1) return {};
  return Time{std::chrono::days{days} + std::chrono::seconds{seconds}};
}

bool covers(X509* certificate, const std::string& host) {
  if (host.empty()) return true;
  const bool is_bracketed = host.front() == '[' && host.back() == ']';
  const std::string bare = is_bracketed ? host.substr(1, host.size() - 2) : host;
  return X509_check_ip_asc(certificate, bare.c_str(), 0) == 1 ||
         X509_check_host(certificate, bare.data(), bare.size(), 0, nullptr) == 1;
}

}  // namespace

Result<CertificateFacts> read_certificate(const std::string& file, const std::string& host) {
  ERR_clear_error();
  const File input{BIO_new_file(file.c_str(), "rb")};
  if (!input) return unusable(file);
  const auto no_passphrase = [](char*, int, int, void*) { return 0; };
  const Certificate certificate{PEM_read_bio_X509_AUX(input.get(), nullptr, no_passphrase, nullptr)};
  if (!certificate) return unusable(file);
  return facts_of(*certificate, host);
}

CertificateFacts facts_of(x509_st& certificate, const std::string& host) {
  CertificateFacts facts{.not_before = to_time(X509_get0_notBefore(&certificate)),
                         .not_after = to_time(X509_get0_notAfter(&certificate)),
                         .covers_host = covers(&certificate, host)};
  ERR_clear_error();
  return facts;
}

std::string problem_with_successor(const CertificateFacts& next, const CertificateFacts& present, Time now) {
  if (next.not_after <= now) return "it expired on " + rfc3339(next.not_after) + "; renew it";
  if (next.not_before > now) return "it is not good before " + rfc3339(next.not_before) + "; is the clock right?";
  if (present.covers_host && !next.covers_host) return "it does not name the host of `url`, as the present one does";
  return {};
}

}  // namespace cardea::edge
