#include "tests/wire/tls_client.hpp"

#include <csignal>

namespace cardea::wire_tests {

TlsClient::TlsClient(std::uint16_t port, const TlsTerms& terms)
    : RawClient(port), context_(SSL_CTX_new(TLS_client_method())) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to connections that the server has ended as it writes to others
  SSL_CTX_set_min_proto_version(context_, terms.least_version);
  SSL_CTX_set_max_proto_version(context_, terms.greatest_version);
  SSL_CTX_set_cipher_list(context_, terms.ciphers.c_str());
  SSL_CTX_load_verify_locations(context_, terms.trusted_file.c_str(), nullptr);
  SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
  ssl_ = SSL_new(context_);
  SSL_set1_host(ssl_, "localhost");
  SSL_set_tlsext_host_name(ssl_, "localhost");
  if (!terms.protocol.empty()) {
    const std::string offer = static_cast<char>(terms.protocol.size()) + terms.protocol;
    SSL_set_alpn_protos(ssl_, reinterpret_cast<const unsigned char*>(offer.data()),
                        static_cast<unsigned int>(offer.size()));
  }
  for (std::string_view left = terms.preface; !left.empty() && RawClient::write_some(left);) continue;
  SSL_set_fd(ssl_, descriptor());
  is_connected_ = SSL_connect(ssl_) == 1;
}

TlsClient::~TlsClient() {
  SSL_free(ssl_);
  SSL_CTX_free(context_);
}

int TlsClient::version() const { return SSL_version(ssl_); }

std::string TlsClient::protocol() const {
  const unsigned char* name = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(ssl_, &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

bool TlsClient::write_some(std::string_view& bytes) {
  const int sent = SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()));
  if (sent <= 0) return false;
  bytes.remove_prefix(static_cast<std::size_t>(sent));
  return true;
}

long TlsClient::read_some(char* data, std::size_t size) {
  const int received = SSL_read(ssl_, data, static_cast<int>(size));
  if (received > 0) return received;
  return SSL_get_error(ssl_, received) == SSL_ERROR_ZERO_RETURN ? 0 : -1;
}

}  // namespace cardea::wire_tests
