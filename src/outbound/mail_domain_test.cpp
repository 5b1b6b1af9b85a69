#include "outbound/mail_domain.hpp"

#include <gtest/gtest.h>

#include "tests/support/name_server.hpp"

namespace cardea::outbound {
namespace {

using testing_support::FakeNameServer;
using Says = FakeNameServer::Says;

std::map<std::string, FakeNameServer::Zone> zones() {
  return {{"mail.example", {.records = {FakeNameServer::mx("\4mail")}}},
          {"several.example", {.records = {FakeNameServer::null_mx(), FakeNameServer::mx("\1a")}}},
          {"none.example", {.records = {FakeNameServer::null_mx()}}},
          {"bare.example", {.records = {FakeNameServer::a()}}},
          {"six.example", {.records = {FakeNameServer::aaaa()}}},
          {"empty.example", {.says = Says::nothing_of_the_kind}},
          {"broken.example", {.says = Says::failure}},
          {"silent.example", {.says = Says::silence}},
          {"garbage.example", {.says = Says::garbage}},
          {"short.example", {.records = {{FakeNameServer::type_mx, "\1"}}}},
          {"xn--bcher-kva.example", {.records = {FakeNameServer::mx("\4mail")}}}};
}

TEST(MailDomain, takes_mail_where_dns_says_so) {
  FakeNameServer server{zones()};
  MailDomains domains{{.address = server.address()}};
  for (const auto* domain :
       {"mail.example", "several.example", "bare.example", "six.example", "xn--bcher-kva.example"}) {
    EXPECT_EQ(domains.ask(domain), TakesMail::yes) << domain;
  }
  for (const auto* domain : {"none.example", "empty.example", "nowhere.example", "mail.example.nowhere"}) {
    EXPECT_EQ(domains.ask(domain), TakesMail::no) << domain;
  }
}

TEST(MailDomain, what_a_name_server_does_not_say_is_not_known) {
  FakeNameServer server{zones()};
  MailDomains domains{{.address = server.address(), .timeout = std::chrono::seconds{1}}};
  for (const auto* domain : {"broken.example", "silent.example", "garbage.example", "short.example", "a..b"}) {
    EXPECT_EQ(domains.ask(domain), TakesMail::unknown) << domain;
  }
  MailDomains nobody{{.address = "127.0.0.1:1", .timeout = std::chrono::seconds{1}}};
  EXPECT_EQ(nobody.ask("mail.example"), TakesMail::unknown);
}

TEST(MailDomain, is_asked_for_once_and_told_each_time) {
  FakeNameServer server{zones()};
  std::vector<TakesMail> seen;
  MailDomains domains{{.address = server.address()}, [&seen](TakesMail answer) { seen.push_back(answer); }};
  for (int i = 0; i < 5; ++i) EXPECT_EQ(domains.ask("mail.example"), TakesMail::yes);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(domains.ask("nowhere.example"), TakesMail::no);
  EXPECT_EQ(server.questions(), 2);
  EXPECT_EQ(seen, (std::vector{TakesMail::yes, TakesMail::no}));
}

TEST(MailDomain, remembers_a_bounded_number) {
  FakeNameServer server{{}};
  MailDomains domains{{.address = server.address()}};
  for (int i = 0; i < 5000; ++i) EXPECT_EQ(domains.ask("d" + std::to_string(i) + ".example"), TakesMail::no);
  EXPECT_EQ(domains.ask("d4999.example"), TakesMail::no);
  const int asked = server.questions();
  EXPECT_EQ(domains.ask("d0.example"), TakesMail::no);
  EXPECT_EQ(server.questions(), asked + 1) << "the oldest are forgotten";
}

TEST(MailDomain, name_server_is_an_address) {
  for (const auto* good : {"", "192.0.2.53", "192.0.2.53:5353"}) EXPECT_EQ(problem_with_name_server(good), "") << good;
  for (const auto* bad :
       {"ns.example", "192.0.2.53:", "192.0.2.53:0", "192.0.2.53:99999", "192.0.2.53:53x", "[::1]:53"}) {
    EXPECT_NE(problem_with_name_server(bad), "") << bad;
  }
}

}  // namespace
}  // namespace cardea::outbound
