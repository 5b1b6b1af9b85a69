#pragma once
// What a certificate says of itself: for how long and for whom it is good.

#include <string>

#include "base/result.hpp"
#include "base/time.hpp"

struct x509_st;  // OpenSSL's X509

namespace cardea::edge {

struct CertificateFacts {
  Time not_before = {};
  Time not_after = {};
  bool covers_host = true;  // names the host that it was read for
};

/// Reads the first certificate of a PEM file. `host` is the name or address that clients ask for; empty: any. Errors:
/// edge.wrong_certificate, with the file and OpenSSL's reason.
[[nodiscard]] Result<CertificateFacts> read_certificate(const std::string& file, const std::string& host);

/// The same of a certificate that is there.
[[nodiscard]] CertificateFacts facts_of(x509_st& certificate, const std::string& host);

/// What is wrong at `now` with a certificate that is to come in the place of `present`, as a sentence; empty when it is
/// no worse: it is in force, and names the host if the present one does.
[[nodiscard]] std::string problem_with_successor(const CertificateFacts& next, const CertificateFacts& present,
                                                 Time now);

}  // namespace cardea::edge
