#pragma once
// A certificate for trying TLS on one's own machine.

#include <string>

#include "base/result.hpp"
#include "base/time.hpp"

namespace cardea::edge {

inline constexpr ErrorKind cannot_write_certificate{"edge.cannot_write_certificate", 500,
                                                    "The certificate's files cannot be written."};

/// Writes a fresh P-256 key and its self-signed certificate for localhost, 127.0.0.1 and ::1, good from an hour before
/// `now` for 30 days; PEM, mode 0600. Files that are there are replaced. Errors: edge.cannot_write_certificate.
Result<Done> write_self_signed(const std::string& certificate_file, const std::string& key_file, Time now);

}  // namespace cardea::edge
