// TLS connections: versions, certificates and their reload, time limits.

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>

#include "tests/wire/certificate.hpp"
#include "tests/wire/house.hpp"
#include "tests/wire/tls_client.hpp"

namespace cardea::wire_tests {
namespace {

using testing_support::RawClient;

/// A certificate, and a house that serves it.
class Tls : public testing::Test {
 protected:
  Tls() {
    edge::Settings settings = House::small();
    settings.public_host = "localhost";
    settings.certificate_file = certificate();
    settings.key_file = key();
    settings.header_timeout = std::chrono::seconds{5};
    house_ = std::make_unique<House>(settings);
  }
  [[nodiscard]] std::string certificate() const { return certificate_.file(); }
  [[nodiscard]] std::string key() const { return certificate_.key(); }
  void renew() { certificate_.renew(); }
  void renew_as_of(Duration from_now) { certificate_.renew_as_of(from_now); }
  [[nodiscard]] TlsTerms terms() const { return {.trusted_file = certificate()}; }
  House& house() { return *house_; }

 private:
  Certificate certificate_;
  std::unique_ptr<House> house_;
};

TEST_F(Tls, requests_are_answered_and_known_to_be_secure) {
  TlsClient client{house().port(), terms()};
  ASSERT_TRUE(client.is_connected());
  EXPECT_EQ(client.version(), TLS1_3_VERSION);
  EXPECT_EQ(client.protocol(), "http/1.1");
  EXPECT_EQ(client.ask(post("/seen", "{}"))->body, "127.0.0.1 secure /seen");
  const std::string body(100'000, 'a');
  EXPECT_EQ(client.ask(post("/echo-quick", body))->body, body) << "more than a record";
}

TEST_F(Tls, version_1_2_is_the_oldest) {
  TlsTerms old = terms();
  old.greatest_version = TLS1_2_VERSION;
  TlsClient client{house().port(), old};
  ASSERT_TRUE(client.is_connected());
  EXPECT_EQ(client.ask(get("/instant"))->status, 200);
  old.least_version = TLS1_VERSION;
  old.greatest_version = TLS1_1_VERSION;
  EXPECT_FALSE((TlsClient{house().port(), old}.is_connected()));
}

TEST_F(Tls, ciphers_without_forward_secrecy_or_aead_are_refused) {
  TlsTerms weak = terms();
  weak.greatest_version = TLS1_2_VERSION;
  for (const char* ciphers : {"ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0", "ECDHE-ECDSA-AES256-SHA:@SECLEVEL=0",
                              "AES128-GCM-SHA256:@SECLEVEL=0"}) {
    weak.ciphers = ciphers;
    EXPECT_FALSE((TlsClient{house().port(), weak}.is_connected())) << ciphers;
  }
}

TEST_F(Tls, only_what_is_spoken_is_agreed_on) {
  TlsTerms other = terms();
  other.protocol = "spdy/3";
  EXPECT_FALSE((TlsClient{house().port(), other}.is_connected()));
  other.protocol = "";
  EXPECT_TRUE((TlsClient{house().port(), other}.is_connected())) << "a client without ALPN speaks HTTP/1.1";
}

TEST_F(Tls, a_reload_serves_new_handshakes_and_keeps_live_connections) {
  const std::string old_copy = certificate() + ".old";
  std::filesystem::copy_file(certificate(), old_copy);
  const TlsTerms old_terms{.trusted_file = old_copy};
  TlsClient live{house().port(), old_terms};
  ASSERT_EQ(live.ask(get("/instant"))->status, 200);

  renew();
  ASSERT_TRUE(house().server->reload_tls().ok());
  EXPECT_FALSE((TlsClient{house().port(), old_terms}.is_connected())) << "the old certificate is gone";
  TlsClient fresh{house().port(), terms()};
  ASSERT_TRUE(fresh.is_connected());
  EXPECT_EQ(fresh.ask(get("/instant"))->status, 200);
  EXPECT_EQ(live.ask(get("/instant"))->status, 200) << "the live connection stays";
}

TEST_F(Tls, a_reload_of_a_bad_file_keeps_the_old_and_says_so) {
  const std::string copy = certificate() + ".old";
  std::filesystem::copy_file(certificate(), copy);
  std::ofstream{certificate()} << "not a certificate";
  const auto reloaded = house().server->reload_tls();
  ASSERT_FALSE(reloaded.ok());
  EXPECT_TRUE(reloaded.error().is(edge::wrong_certificate));
  EXPECT_TRUE(house().lines.mention("edge.certificate_kept"));
  TlsClient client{house().port(), {.trusted_file = copy}};
  ASSERT_TRUE(client.is_connected());
  EXPECT_EQ(client.ask(get("/instant"))->status, 200);
}

TEST_F(Tls, a_reload_of_a_certificate_that_is_not_in_force_keeps_the_good_one) {
  const std::string copy = certificate() + ".old";
  std::filesystem::copy_file(certificate(), copy);
  for (const Duration made : {Duration{-std::chrono::hours{31 * 24}}, Duration{std::chrono::hours{2}}}) {
    renew_as_of(made);
    EXPECT_FALSE(house().server->reload_tls().ok());
    TlsClient client{house().port(), {.trusted_file = copy}};
    ASSERT_TRUE(client.is_connected());
    EXPECT_EQ(client.ask(get("/instant"))->status, 200);
  }
  EXPECT_TRUE(house().lines.mention_together("edge.certificate_kept", "it expired on "));
  EXPECT_TRUE(house().lines.mention_together("edge.certificate_kept", "it is not good before "));
}

TEST_F(Tls, the_expiry_that_is_measured_is_that_of_the_certificate_in_use) {
  const auto days_left = [this] {
    const std::string page = house().metrics.prometheus_text();
    const std::string name = "\ncardea_certificate_expiry_timestamp_seconds ";
    const auto at = page.find(name);
    if (at == std::string::npos) return -1000.0;
    return (std::stod(page.substr(at + name.size())) - static_cast<double>(std::time(nullptr))) / 86'400;
  };
  EXPECT_NEAR(days_left(), 30, 0.1);
  renew_as_of(-std::chrono::hours{10 * 24});
  EXPECT_NEAR(days_left(), 30, 0.1);
  ASSERT_TRUE(house().server->reload_tls().ok());
  EXPECT_NEAR(days_left(), 20, 0.1);
  renew_as_of(-std::chrono::hours{31 * 24});
  EXPECT_FALSE(house().server->reload_tls().ok());
  EXPECT_NEAR(days_left(), 20, 0.1) << "the one that was refused is not in use";
}

TEST(TlsStart, an_expired_certificate_starts_with_an_error_in_the_log) {
  Certificate expired;
  expired.renew_as_of(-std::chrono::hours{31 * 24});
  edge::Settings settings = House::small();
  settings.certificate_file = expired.file();
  settings.key_file = expired.key();
  const House house{settings};
  EXPECT_TRUE(house.lines.mention_together("edge.certificate_not_good", "it expired on "));
}

TEST_F(Tls, close_is_told_before_the_connection_ends) {
  TlsClient client{house().port(), terms()};
  EXPECT_EQ(client.ask(get("/instant", "Connection: close\r\n"))->status, 200);
  EXPECT_TRUE(client.is_closed_by_peer()) << "with a close_notify: truncation can be told from the end";
}

TEST_F(Tls, a_handshake_that_does_not_come_is_cut) {
  edge::Settings settings = House::small();
  settings.certificate_file = certificate();
  settings.key_file = key();
  settings.header_timeout = std::chrono::milliseconds{200};
  House impatient{settings};
  RawClient client{impatient.port()};
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST_F(Tls, half_a_head_is_cut_with_408_too) {
  edge::Settings settings = House::small();
  settings.certificate_file = certificate();
  settings.key_file = key();
  settings.header_timeout = std::chrono::milliseconds{300};
  House impatient{settings};
  TlsClient client{impatient.port(), terms()};
  ASSERT_TRUE(client.is_connected());
  EXPECT_EQ(client.ask("GET /instant HTTP/1.1\r\nHost:")->status, 408);
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST_F(Tls, a_server_with_a_bad_certificate_does_not_start) {
  edge::Settings settings = House::small();
  settings.certificate_file = certificate();
  settings.key_file = certificate();
  EXPECT_THROW(House{settings}, std::runtime_error);
}

}  // namespace
}  // namespace cardea::wire_tests
