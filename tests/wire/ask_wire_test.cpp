// One GET by URL, as the doctor makes it, against real sockets.

#include "edge/ask.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/wire/certificate.hpp"
#include "tests/wire/house.hpp"

namespace cardea::wire_tests {
namespace {

using namespace std::chrono_literals;

std::string origin_of(std::string_view scheme, const House& house) {
  return std::string{scheme} + "://localhost:" + std::to_string(house.port());
}

TEST(Ask, gets_an_answer_over_plain_http) {
  House house;
  const auto answer = edge::ask({.origin = origin_of("http", house), .path = "/instant"});
  EXPECT_EQ(answer.stage, edge::Stage::done) << answer.problem;
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.own_address, "127.0.0.1");
  EXPECT_TRUE(answer.headers.has("Request-Id"));
  EXPECT_FALSE(answer.certificate);
}

TEST(Ask, connects_elsewhere_with_a_preamble_where_it_is_told_to) {
  edge::Settings settings = House::small();
  settings.trusted_proxies = {"127.0.0.1/32"};
  settings.proxy_protocol = true;
  House house{settings};
  edge::Question question{.origin = "http://auth.example.com",
                          .path = "/instant",
                          .connect_to = "127.0.0.1:" + std::to_string(house.port())};
  EXPECT_EQ(edge::ask(question).stage, edge::Stage::answer) << "the connection is closed";
  question.preamble = "PROXY UNKNOWN\r\n";
  EXPECT_EQ(edge::ask(question).status, 200);
}

class AskTls : public ::testing::Test {
 protected:
  AskTls() { make_house(); }
  ~AskTls() override { unsetenv("SSL_CERT_FILE"); }
  void make_house() {
    edge::Settings settings = House::small();
    settings.certificate_file = certificate.file();
    settings.key_file = certificate.key();
    house = std::make_unique<House>(settings);
  }
  void trust() const { setenv("SSL_CERT_FILE", certificate.file().c_str(), 1); }
  [[nodiscard]] edge::Question question() const { return {.origin = origin_of("https", *house), .path = "/instant"}; }

  Certificate certificate;
  std::unique_ptr<House> house;
};

TEST_F(AskTls, takes_a_certificate_that_this_machine_trusts) {
  trust();
  const auto answer = edge::ask(question());
  EXPECT_EQ(answer.stage, edge::Stage::done) << answer.problem;
  ASSERT_TRUE(answer.certificate);
  EXPECT_GT(answer.certificate->not_after, PresentClock{}.now() + 29 * 24h);
  EXPECT_TRUE(answer.certificate->covers_host);
}

TEST_F(AskTls, sends_nothing_where_nobody_vouches_for_the_certificate_and_tells_of_it) {
  const auto answer = edge::ask(question());
  EXPECT_EQ(answer.stage, edge::Stage::handshake);
  EXPECT_NE(answer.problem.find("self-signed"), std::string::npos) << answer.problem;
  EXPECT_TRUE(answer.certificate);
  edge::Question unchecked = question();
  unchecked.checks_certificate = false;
  EXPECT_EQ(edge::ask(unchecked).status, 200);
}

TEST_F(AskTls, notices_a_certificate_for_another_host_and_one_that_expired) {
  trust();
  edge::Question other = question();
  other.origin = "https://auth.example.com";
  other.connect_to = "127.0.0.1:" + std::to_string(house->port());
  auto answer = edge::ask(other);
  EXPECT_EQ(answer.stage, edge::Stage::handshake);
  EXPECT_NE(answer.problem.find("ostname mismatch"), std::string::npos) << answer.problem;
  ASSERT_TRUE(answer.certificate);
  EXPECT_FALSE(answer.certificate->covers_host);

  house.reset();
  certificate.renew_as_of(-31 * 24h);
  make_house();
  answer = edge::ask(question());
  EXPECT_EQ(answer.stage, edge::Stage::handshake);
  EXPECT_NE(answer.problem.find("expired"), std::string::npos) << answer.problem;
}

TEST_F(AskTls, of_a_server_that_speaks_plain_http_comes_to_the_handshake) {
  House plain;
  const auto answer = edge::ask({.origin = origin_of("https", plain)});
  EXPECT_EQ(answer.stage, edge::Stage::handshake);
  EXPECT_FALSE(answer.problem.empty());
}

TEST(Ask, says_where_it_ends) {
  const auto unknown = edge::ask({.origin = "http://no-such-host.invalid"});
  EXPECT_EQ(unknown.stage, edge::Stage::look_up);
  EXPECT_FALSE(unknown.problem.empty());
  std::uint16_t port = 0;
  {
    House house;
    port = house.port();
  }
  const auto closed = edge::ask({.origin = "http://127.0.0.1:" + std::to_string(port)});
  EXPECT_EQ(closed.stage, edge::Stage::connect);
  EXPECT_NE(closed.problem.find("refused"), std::string::npos) << closed.problem;
}

TEST(Ask, waits_no_longer_than_its_patience) {
  House house;
  const auto answer = edge::ask({.origin = origin_of("http", house), .path = "/held", .patience = 1s});
  EXPECT_EQ(answer.stage, edge::Stage::answer);
  EXPECT_NE(answer.problem.find("nothing came within"), std::string::npos) << answer.problem;
  house.gate.open();
}

TEST(Ask, takes_no_answer_without_an_end) {
  House house;
  const auto answer = edge::ask({.origin = origin_of("http", house), .path = "/large"});
  EXPECT_EQ(answer.stage, edge::Stage::answer);
  EXPECT_NE(answer.problem.find("body limit"), std::string::npos) << answer.problem;
}

}  // namespace
}  // namespace cardea::wire_tests
