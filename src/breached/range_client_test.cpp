// The service of leaked passwords: what it is told, what is believed of its answers, and that nobody waits for it.

#include "breached/range_client.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "crypto/sha1.hpp"
#include "tests/support/fake_server.hpp"

namespace cardea::breached {
namespace {

using namespace std::chrono_literals;
using testing_support::FakeServer;
using testing_support::http_reply;

// "password": 5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8
constexpr std::string_view leaked = "password";
constexpr const char* suffix = "1E4C9B93F3F0682250B6CF8331B7EE68FD8";
const std::string a_range = "0018A45C4D1DEF81644B54AB7F969B88D65:3\r\n" + std::string{suffix} + ":9545824\r\n" +
                            "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF:0\r\n";

class ServiceOfRanges : public ::testing::Test {
 protected:
  [[nodiscard]] RangeClient asking(const std::string& url, std::chrono::milliseconds timeout = 2s) {
    return {{.url = url, .allow_private = true, .timeout = timeout}, metrics_, log_, [this] { return now_; }};
  }
  [[nodiscard]] std::uint64_t counted(const char* outcome) {
    return metrics_.counter("cardea_breached_service_total", "", {{"outcome", outcome}}).value();
  }

  observe::Metrics metrics_;
  observe::Log log_{observe::Format::json, observe::Level::debug};
  RangeClient::Instant now_{};
};

TEST_F(ServiceOfRanges, is_told_five_digits_and_nothing_else) {
  const FakeServer server{[](const std::string&) { return FakeServer::Reply{http_reply(200, a_range)}; }};
  auto service = asking(server.url("/range/"));
  EXPECT_EQ(service.holds(crypto::sha1(leaked)), true);
  ASSERT_EQ(server.requests().size(), 1U);
  const auto request = server.requests().front();
  EXPECT_TRUE(request.starts_with("GET /range/5BAA6 HTTP/1.1\r\n")) << request;
  EXPECT_NE(request.find("Add-Padding: true\r\n"), std::string::npos) << request;
  for (const char* never : {"1E4C9", "1e4c9", "password"}) EXPECT_EQ(request.find(never), std::string::npos) << request;
  EXPECT_EQ(counted("leaked"), 1U);
}

TEST_F(ServiceOfRanges, is_asked_once_for_a_range_in_some_hours) {
  const FakeServer server{[](const std::string&) { return FakeServer::Reply{http_reply(200, a_range)}; }};
  auto service = asking(server.url("/range/"));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(service.holds(crypto::sha1(leaked)), true);
  EXPECT_EQ(server.requests().size(), 1U);
  now_ += RangeClient::kept_for;
  EXPECT_EQ(service.holds(crypto::sha1(leaked)), true);
  EXPECT_EQ(server.requests().size(), 2U);
}

TEST_F(ServiceOfRanges, fills_its_answers_up_with_what_has_not_leaked) {
  const auto padded = "0018A45C4D1DEF81644B54AB7F969B88D65:3\r\n" + std::string{suffix} + ":0\r\n";
  const FakeServer server{[&](const std::string&) { return FakeServer::Reply{http_reply(200, padded)}; }};
  auto service = asking(server.url("/range/"));
  EXPECT_EQ(service.holds(crypto::sha1(leaked)), false);
  EXPECT_EQ(counted("clear"), 1U);
}

TEST_F(ServiceOfRanges, is_not_believed_when_it_says_something_else) {
  for (const auto& reply : {http_reply(503, a_range), http_reply(302, "", "Location: /elsewhere\r\n"),
                            http_reply(200, ""), http_reply(200, "<html>Sign in to the network</html>"),
                            http_reply(200, "5BAA7\r\n" + a_range), http_reply(200, std::string(400'000, 'A')),
                            std::string{"HTTP/1.1 200 X\r\nContent-Length: 500\r\n\r\n"} + a_range, std::string{}}) {
    const FakeServer server{[&](const std::string&) { return FakeServer::Reply{reply}; }};
    auto service = asking(server.url("/range/"));
    EXPECT_EQ(service.holds(crypto::sha1(leaked)), std::nullopt) << reply.substr(0, 60);
  }
  EXPECT_EQ(counted("failed"), 8U);
}

TEST_F(ServiceOfRanges, that_fails_is_left_alone_for_a_while) {
  std::atomic<bool> is_up = false;
  const FakeServer server{
      [&](const std::string&) { return FakeServer::Reply{is_up ? http_reply(200, a_range) : http_reply(500, "")}; }};
  auto service = asking(server.url("/range/"));
  for (int i = 0; i < 10; ++i) EXPECT_EQ(service.holds(crypto::sha1(leaked)), std::nullopt);
  EXPECT_EQ(server.requests().size(), static_cast<std::size_t>(RangeClient::failures_before_pause));
  is_up = true;
  now_ += RangeClient::pause;
  EXPECT_EQ(service.holds(crypto::sha1(leaked)), true);
}

TEST_F(ServiceOfRanges, that_hangs_holds_few_threads_and_not_for_long) {
  const FakeServer server{[](const std::string&) { return FakeServer::Reply{.bytes = "", .hangs = true}; }};
  auto service = asking(server.url("/range/"), 400ms);
  const auto begun = std::chrono::steady_clock::now();
  {
    std::vector<std::jthread> all;
    for (int i = 0; i < 24; ++i) {
      all.emplace_back([&service, i] { EXPECT_EQ(service.holds(crypto::sha1(std::to_string(i))), std::nullopt); });
    }
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 10s);
  EXPECT_LE(server.requests().size(), 8U);
  EXPECT_GE(counted("skipped"), 16U);
}

TEST_F(ServiceOfRanges, of_a_private_network_is_asked_only_where_it_may_be) {
  const FakeServer server{[](const std::string&) { return FakeServer::Reply{http_reply(200, a_range)}; }};
  RangeClient service{{.url = server.url("/range/")}, metrics_, log_};
  EXPECT_EQ(service.holds(crypto::sha1(leaked)), std::nullopt);
  EXPECT_TRUE(server.requests().empty());
}

TEST(ServiceSettings, say_what_is_wrong) {
  EXPECT_EQ(problem_with_service({}), "");
  EXPECT_EQ(problem_with_service({.url = "https://api.pwnedpasswords.com/range/"}), "");
  EXPECT_EQ(problem_with_service({.url = "http://127.0.0.1:8080/range/", .allow_private = true}), "");
  for (const char* url : {"http://api.example.com/range/", "https://api.example.com/range", "api.example.com/range/",
                          "https://user:x@api.example.com/range/"}) {
    EXPECT_NE(problem_with_service({.url = url}), "") << url;
  }
}

}  // namespace
}  // namespace cardea::breached
