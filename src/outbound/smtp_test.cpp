#include "outbound/smtp.hpp"

#include <gtest/gtest.h>

namespace cardea::outbound {
namespace {

TEST(SmtpUrl, is_a_scheme_a_host_and_perhaps_a_port) {
  for (const char* url :
       {"smtp://localhost", "smtps://smtp.example.com:465", "smtp://127.0.0.1:1025", "smtp://[::1]:25"}) {
    EXPECT_EQ(problem_with_smtp_url(url), "") << url;
  }
  for (const char* url : {"", "localhost:25", "http://example.com", "smtp://", "smtp://user@example.com",
                          "smtp://example.com/path", "smtp://example.com:0", "smtp://example.com:70000",
                          "smtp://example.com:port", "smtp://exa mple.com", "smtp://example.com?x"}) {
    EXPECT_NE(problem_with_smtp_url(url), "") << url;
  }
}

TEST(SmtpClient, says_why_nobody_answered) {
  SmtpClient client{{.url = "smtp://127.0.0.1:1",
                     .is_encrypted = false,
                     .own_name = "localhost",
                     .connect_timeout = std::chrono::milliseconds{2'000},
                     .timeout = std::chrono::milliseconds{2'000}}};
  const auto outcome = client.send({.from = "a@example.com", .to = "b@example.com", .content = "Subject: x\r\n\r\n"});
  EXPECT_EQ(outcome.kind, SmtpOutcome::Kind::failed);
  EXPECT_NE(outcome.reason, "");
}

}  // namespace
}  // namespace cardea::outbound
