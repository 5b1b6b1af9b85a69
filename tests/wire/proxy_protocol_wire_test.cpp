// The PROXY protocol: whose connection it is, said by a trusted proxy before the first request.

#include <gtest/gtest.h>

#include "tests/support/raw_client.hpp"
#include "tests/wire/certificate.hpp"
#include "tests/wire/house.hpp"
#include "tests/wire/tls_client.hpp"

namespace cardea::wire_tests {
namespace {

using namespace std::chrono_literals;
using testing_support::RawClient;

constexpr const char* proxy = "127.0.0.3";

edge::Settings announced() {
  edge::Settings settings = House::small();
  settings.trusted_proxies = {std::string{proxy} + "/32"};
  settings.proxy_protocol = true;
  return settings;
}

const std::string v1 = "PROXY TCP4 203.0.113.7 127.0.0.1 51234 443\r\n";
const std::string v2{"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xcb\0\x71\x08\x7f\0\0\1\xc8\x22\1\xbb", 28};
const std::string v2_local{"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0", 16};

TEST(ProxyProtocol, names_the_peer_of_every_request_of_a_connection) {
  House house{announced()};
  const std::vector<std::pair<std::string, std::string>> cases{
      {v1, "203.0.113.7"}, {v2, "203.0.113.8"}, {v2_local, proxy}, {"PROXY UNKNOWN\r\n", "unknown via 127.0.0.3"}};
  for (const auto& [header, peer] : cases) {
    RawClient client{house.port(), proxy};
    EXPECT_EQ(client.ask(header + post("/seen", ""))->body, peer + " open /seen");
    EXPECT_EQ(client.ask(post("/seen", ""))->body, peer + " open /seen");
  }
}

TEST(ProxyProtocol, header_may_arrive_byte_by_byte) {
  House house{announced()};
  for (const std::string& header : {v1, v2}) {
    RawClient client{house.port(), proxy};
    for (const char byte : header + post("/seen", "")) ASSERT_TRUE(client.send({&byte, 1}));
    EXPECT_EQ(client.receive()->status, 200);
  }
}

TEST(ProxyProtocol, connection_of_a_proxy_without_it_is_closed) {
  House house{announced()};
  for (const std::string& start : {get("/instant"), std::string{"PROXY TCP4 a b c d\r\n"} + get("/instant")}) {
    RawClient client{house.port(), proxy};
    ASSERT_TRUE(client.send(start));
    EXPECT_TRUE(client.is_closed_by_peer());
  }
  EXPECT_TRUE(house.lines.mention_together("edge.proxy_header_missing", proxy));
  EXPECT_NE(house.metrics.prometheus_text().find("cardea_connections_turned_away_total{reason=\"proxy_header\"} 2"),
            std::string::npos);
}

TEST(ProxyProtocol, connection_that_sends_nothing_is_closed_in_time) {
  edge::Settings settings = announced();
  settings.header_timeout = 200ms;
  House house{settings};
  RawClient silent{house.port(), proxy};
  EXPECT_TRUE(silent.is_closed_by_peer());
  RawClient half{house.port(), proxy};
  ASSERT_TRUE(half.send(v1.substr(0, 20)));
  EXPECT_TRUE(half.is_closed_by_peer());
}

TEST(ProxyProtocol, comes_before_the_handshake_where_tls_is_spoken) {
  const Certificate certificate;
  edge::Settings settings = announced();
  settings.trusted_proxies = {"127.0.0.1/32"};
  settings.certificate_file = certificate.file();
  settings.key_file = certificate.key();
  House house{settings};
  for (const std::string& header : {v1, v2}) {
    TlsClient client{house.port(), {.trusted_file = certificate.file(), .preface = header}};
    ASSERT_TRUE(client.is_connected());
    EXPECT_EQ(client.ask(post("/seen", ""))->body,
              (header == v1 ? "203.0.113.7" : "203.0.113.8") + std::string{" secure /seen"});
  }
  TlsClient without{house.port(), {.trusted_file = certificate.file()}};
  EXPECT_FALSE(without.is_connected());
}

TEST(ProxyProtocol, of_a_stranger_is_no_request) {
  House house{announced()};
  RawClient stranger{house.port()};
  EXPECT_EQ(stranger.ask(v1 + get("/instant"))->status, 400);
  RawClient direct{house.port()};
  EXPECT_EQ(direct.ask(post("/seen", ""))->body, "127.0.0.1 open /seen") << "and needs none";
  edge::Settings off = announced();
  off.proxy_protocol = false;
  House other{off};
  RawClient client{other.port(), proxy};
  EXPECT_EQ(client.ask(v1 + get("/instant"))->status, 400) << "it is asked for, never guessed";
}

TEST(ProxyProtocol, client_that_it_names_has_the_connections_of_one_address) {
  edge::Settings settings = announced();
  settings.max_connections = 20;
  settings.max_connections_per_address = 2;
  House house{settings};
  RawClient first{house.port(), proxy};
  RawClient second{house.port(), proxy};
  EXPECT_EQ(first.ask(v1 + get("/instant"))->status, 200);
  EXPECT_EQ(second.ask(v1 + get("/instant"))->status, 200);
  RawClient third{house.port(), proxy};
  ASSERT_TRUE(third.send(v1 + get("/instant")));
  EXPECT_TRUE(third.is_closed_by_peer());
  RawClient other{house.port(), proxy};
  EXPECT_EQ(other.ask(v2 + get("/instant"))->status, 200) << "another client behind the same proxy";
}

}  // namespace
}  // namespace cardea::wire_tests
