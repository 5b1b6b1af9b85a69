// Requests to a server that answers as none should.

#include "outbound/http.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>

#include "tests/support/fake_server.hpp"

namespace cardea::outbound {
namespace {

using namespace std::chrono_literals;
using testing_support::FakeServer;
using testing_support::http_reply;
using Kind = HttpOutcome::Kind;

constexpr HttpSettings quick() {
  return {.reach = Reach::anywhere, .connect_timeout = 2s, .timeout = 2s, .max_answer = 1'000};
}

HttpOutcome get(const std::string& url, const HttpSettings& settings = quick(), const std::stop_token& stop = {}) {
  return send(settings, {.url = Secret{url}}, stop);
}

/// What comes of a server that answers everything so.
HttpOutcome of(FakeServer::Reply reply, const HttpSettings& settings = quick()) {
  const FakeServer server{[reply](const std::string&) { return reply; }};
  return get(server.url(), settings);
}

TEST(Http, sends_what_it_was_given_and_brings_the_answer) {
  const FakeServer server{[](const std::string&) { return FakeServer::Reply{http_reply(202, "taken")}; }};
  HttpRequest request{.method = "POST", .url = Secret{server.url("/send?x=1")}, .body = Secret{"a=1&b=%2B"}};
  request.headers.emplace_back("Authorization: Bearer token");
  request.headers.emplace_back("Content-Type: application/x-www-form-urlencoded");
  const auto outcome = send(quick(), request);
  EXPECT_EQ(outcome.kind, Kind::answered) << outcome.reason;
  EXPECT_EQ(outcome.status, 202);
  EXPECT_EQ(outcome.body, "taken");
  ASSERT_EQ(server.requests().size(), 1U);
  const auto sent = server.requests().front();
  EXPECT_TRUE(sent.starts_with("POST /send?x=1 HTTP/1.1\r\n")) << sent;
  EXPECT_TRUE(sent.ends_with("\r\n\r\na=1&b=%2B")) << sent;
  EXPECT_NE(sent.find("Authorization: Bearer token\r\n"), std::string::npos) << sent;
  EXPECT_EQ(sent.find("Expect:"), std::string::npos) << sent;
}

TEST(Http, takes_any_status_for_an_answer) {
  for (const int status : {200, 204, 400, 401, 404, 429, 500, 503}) {
    const auto outcome = of({http_reply(status, "")});
    EXPECT_EQ(outcome.kind, Kind::answered) << status;
    EXPECT_EQ(outcome.status, status);
  }
}

TEST(Http, follows_no_redirect) {
  const FakeServer inner{[](const std::string&) { return FakeServer::Reply{http_reply(200, "metadata")}; }};
  for (const int status : {301, 302, 303, 307, 308}) {
    const auto outcome = of({http_reply(status, "", "Location: " + inner.url() + "\r\n")});
    EXPECT_EQ(outcome.status, status);
    EXPECT_EQ(outcome.body, "");
  }
  EXPECT_TRUE(inner.requests().empty());
}

TEST(Http, reads_no_more_than_it_was_told) {
  EXPECT_EQ(of({http_reply(200, std::string(1'000, 'x'))}).kind, Kind::answered);
  EXPECT_EQ(of({http_reply(200, std::string(1'001, 'x'))}).kind, Kind::too_large);
  auto settings = quick();
  settings.max_answer = 100'000;
  EXPECT_EQ(of({http_reply(200, std::string(100'000, 'x'))}, settings).kind, Kind::answered);
  EXPECT_EQ(of({http_reply(200, std::string(100'001, 'x'))}, settings).kind, Kind::too_large) << "in many pieces";
  const auto endless = of({.bytes = "HTTP/1.1 200 X\r\n\r\n" + std::string(5'000, 'x'), .repeats = 100'000});
  EXPECT_EQ(endless.kind, Kind::too_large);
  const auto headers = of({.bytes = "HTTP/1.1 200 X\r\n" + std::string("A: ") + std::string(90'000, 'x') + "\r\n\r\n"});
  EXPECT_NE(headers.kind, Kind::answered);
}

TEST(Http, fails_when_the_answer_is_cut_off_or_none) {
  EXPECT_EQ(of({"HTTP/1.1 200 X\r\nContent-Length: 100\r\n\r\nhalf"}).kind, Kind::failed) << "shorter than it says";
  EXPECT_EQ(of({"HTTP/1.1 200"}).kind, Kind::failed);
  EXPECT_EQ(of({""}).kind, Kind::failed);
  EXPECT_EQ(of({"220 mail.example.com ESMTP\r\n"}).kind, Kind::failed) << "no HTTP";
  EXPECT_EQ(of({"HTTP/1.1 200 X\r\nContent-Length: nine\r\n\r\nbody"}).kind, Kind::failed);
  EXPECT_EQ(of({"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nbody"}).kind, Kind::failed);
}

TEST(Http, takes_no_more_than_the_length_says) {
  EXPECT_EQ(of({"HTTP/1.1 200 X\r\nContent-Length: 2\r\n\r\nokay and more"}).body, "ok");
}

TEST(Http, waits_no_longer_than_its_limit) {
  auto settings = quick();
  settings.timeout = 300ms;
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(of({.bytes = "", .hangs = true}, settings).kind, Kind::failed) << "silence";
  EXPECT_EQ(of({.bytes = http_reply(200, std::string(500, 'x')), .pause = 20ms}, settings).kind, Kind::failed)
      << "drops";
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
}

TEST(Http, ends_soon_when_it_is_to_stop) {
  const FakeServer server{[](const std::string&) { return FakeServer::Reply{.bytes = "", .hangs = true}; }};
  auto settings = quick();
  settings.timeout = 60s;
  std::stop_source stop;
  const auto begun = std::chrono::steady_clock::now();
  std::jthread stopper{[&] {
    while (server.requests().empty()) std::this_thread::yield();
    stop.request_stop();
  }};
  EXPECT_EQ(get(server.url(), settings, stop.get_token()).kind, Kind::failed);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 20s);
}

TEST(Http, connects_to_no_private_address_unless_it_may) {
  const FakeServer server{[](const std::string&) { return FakeServer::Reply{http_reply(200, "inner")}; }};
  auto settings = quick();
  settings.reach = Reach::public_only;
  const auto port = ":" + std::to_string(server.port()) + "/";
  for (const char* host : {"127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "0.0.0.0",
                           "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "127.0.0.1.", "10.0.0.1",
                           "169.254.169.254", "[fe80::1]", "[fd00::1]"}) {
    const auto outcome = get("http://" + std::string{host} + port, settings);
    EXPECT_NE(outcome.kind, Kind::answered) << host;
  }
  EXPECT_EQ(get(server.url(), settings).kind, Kind::forbidden);
  EXPECT_TRUE(server.requests().empty());
  EXPECT_EQ(get(server.url()).kind, Kind::answered) << "it may";
}

TEST(Http, asks_no_proxy_of_the_environment) {
  const FakeServer proxy{[](const std::string&) { return FakeServer::Reply{http_reply(200, "by proxy")}; }};
  ::setenv("http_proxy", proxy.url().c_str(), 1);
  ::setenv("ALL_PROXY", proxy.url().c_str(), 1);
  EXPECT_EQ(of({http_reply(200, "straight")}).body, "straight");
  ::unsetenv("http_proxy");
  ::unsetenv("ALL_PROXY");
  EXPECT_TRUE(proxy.requests().empty());
}

TEST(Http, tells_nothing_secret_of_what_failed) {
  const auto outcome = get("http://127.0.0.1:1/send?key=hunter2");
  EXPECT_EQ(outcome.kind, Kind::failed);
  EXPECT_NE(outcome.reason, "");
  EXPECT_EQ(outcome.reason.find("hunter2"), std::string::npos) << outcome.reason;
}

TEST(Http, sends_no_header_that_would_be_two) {
  const FakeServer server{[](const std::string&) { return FakeServer::Reply{http_reply(200, "")}; }};
  for (const char* line : {"X: a\r\nY: b", "X: a\nY: b", "Host: elsewhere", "Content-Length: 3", "X", ": x", "X y: z",
                           "X:", "Transfer-Encoding: chunked"}) {
    HttpRequest request{.url = Secret{server.url()}};
    request.headers.emplace_back(line);
    EXPECT_EQ(send(quick(), request).kind, Kind::failed) << line;
  }
  EXPECT_TRUE(server.requests().empty());
}

TEST(HttpUrl, is_a_scheme_a_host_perhaps_a_port_and_a_path) {
  for (const char* url : {"https://example.com", "http://127.0.0.1:8080/send?a=b", "https://[::1]:443/x"}) {
    EXPECT_EQ(problem_with_http_url(url), "") << url;
  }
  for (const char* url : {"", "example.com", "ftp://example.com", "file:///etc/passwd", "https://", "https:///x",
                          "https://user@example.com", "https://user:pass@example.com/", "https://example.com:0",
                          "https://example.com:port", "https://exa mple.com", "https://example.com/\r\nX: y",
                          "https://example.com/#x", "gopher://x", "https://[]", "https://[::1", "https://:80"}) {
    EXPECT_NE(problem_with_http_url(url), "") << url;
  }
  EXPECT_EQ(host_of_http_url("https://example.com:8443/x"), "example.com");
  EXPECT_EQ(host_of_http_url("https://[::1]:443/x"), "[::1]");
}

}  // namespace
}  // namespace cardea::outbound
