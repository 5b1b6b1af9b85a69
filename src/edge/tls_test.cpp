#include "edge/tls.hpp"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "crypto/owner.hpp"
#include "edge/self_signed.hpp"
#include "edge/server.hpp"

namespace cardea::edge {
namespace {

/// A folder with a certificate and its key, that goes with its test.
class TlsFiles : public testing::Test {
 protected:
  TlsFiles() { write(certificate_, key_); }
  ~TlsFiles() override { std::filesystem::remove_all(folder_); }
  static std::filesystem::path new_folder() {
    std::string path = (std::filesystem::temp_directory_path() / "cardea-XXXXXX").string();
    return mkdtemp(path.data());
  }
  static void write(const std::string& certificate, const std::string& key) {
    const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    ASSERT_TRUE(write_self_signed(certificate, key, now).ok());
  }
  /// A certificate signed with `digest` by an RSA key of so many bits.
  void write_rsa(unsigned bits, const EVP_MD* digest) const {
    const crypto::Owner<EVP_PKEY, EVP_PKEY_free> key{EVP_RSA_gen(bits)};
    const crypto::Owner<X509, X509_free> certificate{X509_new()};
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    ASSERT_GT(X509_sign(certificate.get(), key.get(), digest), 0);
    const auto open = [](const std::string& file) { return BIO_new_file(file.c_str(), "wb"); };
    const crypto::Owner<BIO, BIO_free> certificate_out{open(certificate_)};
    const crypto::Owner<BIO, BIO_free> key_out{open(key_)};
    ASSERT_EQ(PEM_write_bio_X509(certificate_out.get(), certificate.get()), 1);
    ASSERT_EQ(PEM_write_bio_PrivateKey(key_out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr), 1);
  }
  std::string problem(const std::string& key) {
    const auto made = make_tls_context({.certificate_file = certificate_, .key_file = key});
    return made.ok() ? "" : made.error().detail;
  }

  std::filesystem::path folder_ = new_folder();
  std::string certificate_ = folder_ / "certificate.pem";
  std::string key_ = folder_ / "key.pem";
};

TEST_F(TlsFiles, a_key_that_every_user_may_read_is_refused) {
  for (const mode_t mode : {0600U, 0400U, 0640U}) {
    ASSERT_EQ(chmod(key_.c_str(), mode), 0);
    EXPECT_EQ(problem(key_), "");
  }
  for (const mode_t mode : {0644U, 0604U}) {
    ASSERT_EQ(chmod(key_.c_str(), mode), 0);
    EXPECT_NE(problem(key_).find(key_ + ": every user of this machine may read the file"), std::string::npos);
  }
}

TEST_F(TlsFiles, a_key_of_another_certificate_or_none_at_all_is_refused) {
  const std::string other = folder_ / "other.pem";
  write(folder_ / "other.crt", other);
  EXPECT_NE(problem(other).find("mismatch"), std::string::npos);
  EXPECT_NE(problem(certificate_), "") << "no key in it";
  EXPECT_NE(problem(folder_ / "missing.pem"), "");
  EXPECT_FALSE(check_certificate({.certificate_file = certificate_, .key_file = other}).ok());
  EXPECT_TRUE(check_certificate({.certificate_file = certificate_, .key_file = key_}).ok());
  EXPECT_TRUE(check_certificate({}).ok());
}

TEST_F(TlsFiles, a_weak_key_or_signature_is_refused) {
  write_rsa(2048, EVP_sha256());
  EXPECT_EQ(problem(key_), "");
  write_rsa(1024, EVP_sha256());
  EXPECT_NE(problem(key_).find("key too small"), std::string::npos) << problem(key_);
}

TEST_F(TlsFiles, the_key_may_be_a_credential_of_systemd) {
  ASSERT_EQ(setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1), 0);
  EXPECT_EQ(problem("credential:key.pem"), "");
  EXPECT_NE(problem("credential:other"), "");
  ASSERT_EQ(unsetenv("CREDENTIALS_DIRECTORY"), 0);
}

}  // namespace
}  // namespace cardea::edge
