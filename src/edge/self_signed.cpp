#include "edge/self_signed.hpp"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "base/secret.hpp"
#include "crypto/owner.hpp"

namespace cardea::edge {
namespace {

using Key = crypto::Owner<EVP_PKEY, EVP_PKEY_free>;
using Certificate = crypto::Owner<X509, X509_free>;
using Memory = crypto::Owner<BIO, BIO_free>;
using Extension = crypto::Owner<X509_EXTENSION, X509_EXTENSION_free>;

void require(bool holds) {
  if (!holds) throw std::runtime_error{"OpenSSL could not make a certificate"};
}

void add_extension(X509* certificate, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const Extension extension{X509V3_EXT_conf_nid(nullptr, &context, kind, value)};
  require(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

Certificate sign_own(EVP_PKEY* key, Time now) {
  Certificate certificate{X509_new()};
  X509* x509 = certificate.get();
  std::uint64_t serial = 0;
  require(x509 != nullptr && RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1);
  require(X509_set_version(x509, X509_VERSION_3) == 1);
  require(ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), serial >> 1U) == 1);
  std::time_t from = to_seconds(now - std::chrono::hours{1});
  std::time_t until = to_seconds(now + std::chrono::days{30});
  require(ASN1_TIME_set(X509_getm_notBefore(x509), from) != nullptr);
  require(ASN1_TIME_set(X509_getm_notAfter(x509), until) != nullptr);
  X509_NAME* name = X509_get_subject_name(x509);
  const auto* common_name = reinterpret_cast<const unsigned char*>("Cardea on localhost");
  require(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0) == 1);
  require(X509_set_issuer_name(x509, name) == 1 && X509_set_pubkey(x509, key) == 1);
  add_extension(x509, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1");
  add_extension(x509, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(x509, NID_ext_key_usage, "serverAuth");
  require(X509_sign(x509, key, EVP_sha256()) > 0);
  return certificate;
}

Secret content(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return Secret{std::string_view{data, static_cast<std::size_t>(size)}};
}

Result<Done> write_private(const std::string& file, const Secret& text) {
  const auto failed = [&file] {
    return Error{cannot_write_certificate, file + ": " + std::generic_category().message(errno)};
  };
  // A new file, so that the mode is ours and nobody holds it open.
  if (unlink(file.c_str()) != 0 && errno != ENOENT) return failed();
  const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return failed();
  const ssize_t written = write(descriptor, text.reveal().data(), text.size());
  const bool is_whole = written == static_cast<ssize_t>(text.size());
  if (close(descriptor) != 0 || !is_whole) return failed();
  return done;
}

}  // namespace

Result<Done> write_self_signed(const std::string& certificate_file, const std::string& key_file, Time now) {
  const Key key{EVP_EC_gen("P-256")};
  require(key != nullptr);
  const Certificate certificate = sign_own(key.get(), now);
  const Memory certificate_text{BIO_new(BIO_s_mem())};
  const Memory key_text{BIO_new(BIO_s_secmem())};
  require(certificate_text && key_text);
  require(PEM_write_bio_X509(certificate_text.get(), certificate.get()) == 1);
  require(PEM_write_bio_PKCS8PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  TRY(write_private(key_file, content(key_text.get())));
  return write_private(certificate_file, content(certificate_text.get()));
}

}  // namespace cardea::edge
