#include "edge/tls.hpp"

#include <openssl/ssl.h>

#include <cstdlib>

#include "config/secret_file.hpp"
#include "edge/server.hpp"

namespace cardea::edge {
namespace {

// TLS 1.2 (RFC 9325 §4.2); TLS 1.3 has only such suites.
constexpr const char* ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

/// What is spoken, as ALPN writes it, in the order of our preference.
constexpr std::string_view both = "\x02h2\x08http/1.1";
constexpr std::string_view only_http_1 = "\x08http/1.1";

/// ALPN (RFC 7301): one of ours or no connection, so that nobody speaks a protocol to the parser of another.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* offered,
                    unsigned int offered_size, void* ours) {
  const auto& list = *static_cast<const std::string_view*>(ours);
  unsigned char* chosen = nullptr;
  const int found = SSL_select_next_proto(&chosen, out_size, reinterpret_cast<const unsigned char*>(list.data()),
                                          static_cast<unsigned int>(list.size()), offered, offered_size);
  if (found != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

std::optional<std::string> credentials_directory() {
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  return folder != nullptr ? std::optional<std::string>{folder} : std::nullopt;
}

/// The key is a secret like any other: its file is none that every user of the machine may read. A group may, as is
/// customary (root:ssl-cert, 0640).
Result<Done> load_key(asio::ssl::context& context, const std::string& file) {
  const auto text = config::read_secret(file, credentials_directory());
  if (!text) return Error{wrong_certificate, file + ": " + text.error().detail};
  error_code error;
  // Without a callback OpenSSL would ask the terminal for the passphrase of an encrypted key.
  const auto no_passphrase = [](std::size_t, asio::ssl::context::password_purpose) { return std::string{}; };
  context.set_password_callback(no_passphrase, error);
  const std::string_view pem = text->reveal();
  context.use_private_key(asio::buffer(pem), asio::ssl::context::pem, error);
  if (error) return Error{wrong_certificate, file + ": " + error.message()};
  return done;
}

Result<Done> load_files(asio::ssl::context& context, const std::string& certificate, const std::string& key) {
  error_code error;
  context.use_certificate_chain_file(certificate, error);
  if (error) return Error{wrong_certificate, certificate + ": " + error.message()};
  TRY(load_key(context, key));
  if (SSL_CTX_check_private_key(context.native_handle()) != 1) {
    return Error{wrong_certificate, key + ": is not the key of " + certificate};
  }
  return done;
}

}  // namespace

Result<TlsContext> make_tls_context(const Settings& settings) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  SSL_CTX* raw = context->native_handle();
  const bool has_terms = SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION) == 1 &&
                         SSL_CTX_set_cipher_list(raw, ciphers) == 1 &&
                         SSL_CTX_set1_groups_list(raw, "X25519:P-256:P-384") == 1;
  if (!has_terms) throw std::runtime_error{"OpenSSL does not know the TLS versions, ciphers or groups wanted"};
  SSL_CTX_set_security_level(raw, 2);  // no key below 112 bits, nor SHA-1, whatever the machine's own OpenSSL says
  SSL_CTX_set_options(raw, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                               SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);  // an idle connection keeps no record buffers
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);  // tickets resume without memory of ours
  const std::string_view& spoken = settings.http2 ? both : only_http_1;
  SSL_CTX_set_alpn_select_cb(raw, choose_protocol, const_cast<std::string_view*>(&spoken));  // NOLINT: only read
  TRY(load_files(*context, settings.certificate_file, settings.key_file));
  return context;
}

bool agreed_on_http2(TlsStream& stream) {
  const unsigned char* name = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(stream.native_handle(), &name, &size);
  return std::string_view{reinterpret_cast<const char*>(name), size} == "h2";
}

Result<Done> check_certificate(const Settings& settings) {
  if (settings.certificate_file.empty()) return done;
  TRY(make_tls_context(settings));
  return done;
}

}  // namespace cardea::edge
