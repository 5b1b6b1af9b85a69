#include "edge/self_signed.hpp"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "edge/server.hpp"
#include "edge/tls.hpp"

namespace cardea::edge {
namespace {

const Time now = from_micros(1'795'000'000'000'000);

/// A folder that goes with its test.
class SelfSigned : public testing::Test {
 protected:
  SelfSigned() {
    std::string path = (std::filesystem::temp_directory_path() / "cardea-XXXXXX").string();
    folder_ = mkdtemp(path.data());
  }
  ~SelfSigned() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string file(const char* name) const { return folder_ / name; }

 private:
  std::filesystem::path folder_;
};

std::shared_ptr<X509> read(const std::string& file) {
  std::FILE* stream = std::fopen(file.c_str(), "r");
  std::shared_ptr<X509> certificate{PEM_read_X509(stream, nullptr, nullptr, nullptr), X509_free};
  std::fclose(stream);
  return certificate;
}

TEST_F(SelfSigned, names_this_machine_for_30_days) {
  ASSERT_TRUE(write_self_signed(file("c.pem"), file("k.pem"), now).ok());
  const auto certificate = read(file("c.pem"));
  ASSERT_TRUE(certificate);
  EXPECT_EQ(X509_check_host(certificate.get(), "localhost", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_ip_asc(certificate.get(), "127.0.0.1", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(certificate.get(), "::1", 0), 1);
  EXPECT_NE(X509_check_host(certificate.get(), "example.org", 0, 0, nullptr), 1);
  std::time_t last = to_seconds(now + std::chrono::days{30});
  EXPECT_EQ(ASN1_TIME_cmp_time_t(X509_get0_notAfter(certificate.get()), last), 0);
}

TEST_F(SelfSigned, is_for_the_owner_only_and_replaces_files) {
  std::ofstream{file("k.pem")} << "old";
  ASSERT_TRUE(write_self_signed(file("c.pem"), file("k.pem"), now).ok());
  for (const char* name : {"c.pem", "k.pem"}) {
    struct stat status{};
    ASSERT_EQ(stat(file(name).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U) << name;
  }
}

TEST_F(SelfSigned, can_be_served) {
  ASSERT_TRUE(write_self_signed(file("c.pem"), file("k.pem"), now).ok());
  EXPECT_TRUE(make_tls_context({.certificate_file = file("c.pem"), .key_file = file("k.pem")}).ok());
}

TEST_F(SelfSigned, a_folder_that_is_not_there_is_an_error) {
  const auto result = write_self_signed(file("no/c.pem"), file("no/k.pem"), now);
  ASSERT_FALSE(result.ok());
  EXPECT_TRUE(result.error().is(cannot_write_certificate));
}

TEST_F(SelfSigned, a_key_of_another_certificate_is_refused) {
  ASSERT_TRUE(write_self_signed(file("c.pem"), file("k.pem"), now).ok());
  ASSERT_TRUE(write_self_signed(file("c2.pem"), file("k2.pem"), now).ok());
  const auto mixed = make_tls_context({.certificate_file = file("c.pem"), .key_file = file("k2.pem")});
  ASSERT_FALSE(mixed.ok());
  EXPECT_TRUE(mixed.error().is(wrong_certificate));
  EXPECT_FALSE(make_tls_context({.certificate_file = file("none.pem"), .key_file = file("k.pem")}).ok());
}

}  // namespace
}  // namespace cardea::edge
