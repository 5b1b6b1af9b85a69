// Plain HTTP where TLS belongs: at the redirecting address, and at the port that speaks TLS.

#include <gtest/gtest.h>

#include "tests/support/raw_client.hpp"
#include "tests/wire/certificate.hpp"
#include "tests/wire/house.hpp"

namespace cardea::wire_tests {
namespace {

using testing_support::RawAnswer;
using testing_support::RawClient;

/// Both places of one house.
class Plain : public testing::TestWithParam<const char*> {
 protected:
  static edge::Settings settings(const Certificate& certificate) {
    edge::Settings settings = House::small();
    settings.certificate_file = certificate.file();
    settings.key_file = certificate.key();
    settings.redirect_listen = "127.0.0.1:0";
    return settings;
  }
  std::uint16_t port() {
    return std::string_view{GetParam()} == "redirect" ? house_.server->redirect_port() : house_.port();
  }
  static void expect_dressed(const RawAnswer& answer) {
    EXPECT_NE(answer.field("Request-Id"), "");
    EXPECT_EQ(answer.field("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(answer.field("Content-Security-Policy"), "default-src 'none'; frame-ancestors 'none'");
    EXPECT_EQ(answer.field("Cache-Control"), "no-store");
    EXPECT_EQ(answer.field("Strict-Transport-Security"), "") << "means nothing here (RFC 6797, section 7.2)";
    EXPECT_EQ(answer.field("Connection"), "close");
  }

  Certificate certificate_;
  House house_{settings(certificate_)};
};

TEST_P(Plain, reading_leads_to_the_public_origin_whatever_host_was_asked_for) {
  for (const std::string method : {"GET", "HEAD"}) {
    RawClient client{port()};
    ASSERT_TRUE(client.send(method + " /login?next=/a HTTP/1.1\r\nHost: evil.example\r\n\r\n"));
    const auto answer = client.receive_head();
    ASSERT_TRUE(answer) << method;
    EXPECT_EQ(answer->status, 308);
    EXPECT_EQ(answer->field("Location"), "https://auth.example.org/login?next=/a");
    expect_dressed(*answer);
    EXPECT_TRUE(client.is_closed_by_peer());
  }
}

TEST_P(Plain, writing_is_refused_and_not_sent_on) {
  for (const char* method : {"POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    RawClient client{port()};
    const std::string request = post("/v1/signin", "{\"password\": \"already in the clear\"}");
    const auto answer = client.ask(method + request.substr(4));
    ASSERT_TRUE(answer) << method;
    EXPECT_EQ(answer->status, 403);
    EXPECT_NE(answer->body.find("\"code\":\"tls_required\""), std::string::npos) << answer->body;
    EXPECT_EQ(answer->field("Location"), "") << "a program would repeat its password in the clear, again and again";
    expect_dressed(*answer);
    EXPECT_TRUE(client.is_closed_by_peer());
  }
}

TEST_P(Plain, what_is_no_http_is_refused) {
  RawClient client{port()};
  const auto answer = client.ask("EHLO a.example\r\n\r\n");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 400);
  EXPECT_NE(answer->field("Request-Id"), "");
  EXPECT_TRUE(client.is_closed_by_peer());
}

std::string name_of(const testing::TestParamInfo<const char*>& info) { return info.param; }
INSTANTIATE_TEST_SUITE_P(at_the, Plain, testing::Values("redirect", "tls_port"), name_of);

}  // namespace
}  // namespace cardea::wire_tests
