#pragma once
// A TLS client that trusts one certificate and speaks the versions it is told to.

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "tests/support/raw_client.hpp"

namespace cardea::wire_tests {

struct TlsTerms {
  std::string trusted_file;                       // the server's own certificate
  int least_version = TLS1_2_VERSION;
  int greatest_version = TLS1_3_VERSION;
  std::string ciphers = "DEFAULT:@SECLEVEL=0";    // of TLS 1.2 and older
  std::string protocol = "http/1.1";              // ALPN; empty: not offered
  std::string preface = {};                       // sent in the clear before the handshake
};

class TlsClient : public testing_support::RawClient {
 public:
  TlsClient(std::uint16_t port, const TlsTerms& terms);
  ~TlsClient() override;

  /// True when the handshake succeeded and the certificate is the trusted one, good for localhost.
  [[nodiscard]] bool is_connected() const { return is_connected_; }
  [[nodiscard]] int version() const;
  [[nodiscard]] std::string protocol() const;

 protected:
  bool write_some(std::string_view& bytes) override;
  long read_some(char* data, std::size_t size) override;

 private:
  SSL_CTX* context_;
  SSL* ssl_;
  bool is_connected_ = false;
};

}  // namespace cardea::wire_tests
