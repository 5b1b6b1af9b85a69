#include "http/proxy.hpp"

#include <gtest/gtest.h>

namespace cardea::http {
namespace {

struct Case {
  std::string_view peer;
  std::vector<std::string> forwarded;
  std::string_view address;
};

TEST(client_address, is_the_rightmost_that_is_not_a_trusted_proxy) {
  const Proxies proxies{{"10.0.0.0/8", "::1/128", "2001:db8:1::/48", "192.0.2.7"}};
  const std::vector<Case> cases{
      {"203.0.113.9", {}, "203.0.113.9"},
      {"203.0.113.9", {"1.2.3.4"}, "203.0.113.9"},
      {"10.1.1.1", {}, "10.1.1.1"},
      {"10.1.1.1", {"1.2.3.4"}, "1.2.3.4"},
      {"10.1.1.1", {"6.6.6.6, 1.2.3.4"}, "1.2.3.4"},
      {"10.1.1.1", {"6.6.6.6", "1.2.3.4"}, "1.2.3.4"},
      {"10.1.1.1", {"6.6.6.6, 1.2.3.4, 10.9.9.9"}, "1.2.3.4"},
      {"10.1.1.1", {"6.6.6.6, 1.2.3.4", "10.9.9.9"}, "1.2.3.4"},
      {"10.1.1.1", {"10.2.2.2, 10.3.3.3"}, "10.2.2.2"},
      {"10.1.1.1", {"garbage, 1.2.3.4"}, "1.2.3.4"},
      {"10.1.1.1", {"1.2.3.4, garbage"}, "unknown via 10.1.1.1"},
      {"10.1.1.1", {"1.2.3.4, garbage, 10.2.2.2"}, "unknown via 10.1.1.1"},
      {"10.1.1.1", {"1.2.3.4, garbage", "10.2.2.2"}, "unknown via 10.1.1.1"},
      {"10.1.1.1", {"1.2.3.4,"}, "1.2.3.4"},
      {"10.1.1.1", {",1.2.3.4, ,", " "}, "1.2.3.4"},
      {"10.1.1.1", {"1.2.3.4", ""}, "1.2.3.4"},
      {"10.1.1.1", {"6.6.6.6,", "1.2.3.4:51234,10.2.2.2:443"}, "1.2.3.4"},
      {"10.1.1.1", {""}, "10.1.1.1"},
      {"10.1.1.1", {", ,"}, "10.1.1.1"},
      {"10.1.1.1", {"\"x, 1.2.3.4"}, "1.2.3.4"},
      {"10.1.1.1", {" 1.2.3.4\t"}, "1.2.3.4"},
      {"10.1.1.1", {"2001:DB8:0:0::5"}, "2001:db8::5"},
      {"10.1.1.1", {"::ffff:1.2.3.4"}, "1.2.3.4"},
      {"10.1.1.1", {"5.5.5.5, ::ffff:10.4.4.4"}, "5.5.5.5"},
      {"::ffff:10.1.1.1", {"1.2.3.4"}, "1.2.3.4"},
      {"::ffff:203.0.113.9", {"1.2.3.4"}, "203.0.113.9"},
      {"::1", {"1.2.3.4"}, "1.2.3.4"},
      {"2001:db8:1:2::3", {"1.2.3.4"}, "1.2.3.4"},
      {"2001:db8:2::3", {"1.2.3.4"}, "2001:db8:2::3"},
      {"192.0.2.7", {"1.2.3.4"}, "1.2.3.4"},
      {"192.0.2.8", {"1.2.3.4"}, "192.0.2.8"},
      {"fe80::1%eth0", {"1.2.3.4"}, "fe80::1"},
      {"local", {"1.2.3.4"}, "local"},
  };
  for (const Case& c : cases) {
    Request request{.peer = std::string{c.peer}};
    for (const std::string& value : c.forwarded) request.headers.add("x-forwarded-for", value);
    EXPECT_EQ(proxies.client_of(request).address, c.address)
        << c.peer << " " << (c.forwarded.empty() ? "" : c.forwarded.front());
  }
}

TEST(client_address, ignores_headers_of_similar_names) {
  const Proxies proxies{{"10.0.0.0/8"}};
  Request request{.peer = "10.1.1.1"};
  for (const auto name : {"X_Forwarded_For", "X-Forwarded-For ", "X-Forwarded", "X-Real-IP", "X-Client-IP"}) {
    request.headers.add(name, "6.6.6.6");
  }
  EXPECT_EQ(proxies.client_of(request).address, "10.1.1.1");
}

struct ForwardedCase {
  std::vector<std::string> forwarded;
  std::string_view address;
};

TEST(client_address, is_read_from_forwarded_when_there_is_no_list_of_addresses) {
  const Proxies proxies{{"10.0.0.0/8", "2001:db8:1::/48"}};
  const std::vector<ForwardedCase> cases{
      {{"for=1.2.3.4"}, "1.2.3.4"},
      {{"For=\"1.2.3.4:51234\";proto=https;by=10.1.1.1"}, "1.2.3.4"},
      {{"proto=https;host=\"auth.example\";for=\"[2001:db8::7]:443\""}, "2001:db8::7"},
      {{"for=6.6.6.6, for=1.2.3.4 , for=10.2.2.2"}, "1.2.3.4"},
      {{"for=6.6.6.6", "for=1.2.3.4;proto=http", "for=\"[2001:db8:1::9]\","}, "1.2.3.4"},
      {{"for=[2001:db8::7]"}, "2001:db8::7"},
      {{"for=unknown"}, "unknown via 10.1.1.1"},
      {{"for=_gazonk"}, "unknown via 10.1.1.1"},
      {{"for=6.6.6.6, for=_hidden"}, "unknown via 10.1.1.1"},
      {{"proto=https"}, "unknown via 10.1.1.1"},
      {{"1.2.3.4"}, "unknown via 10.1.1.1"},
      {{"for=1.2.3.4;for=6.6.6.6"}, "unknown via 10.1.1.1"},
      {{"for=1.2.3.4;host=\"a"}, "unknown via 10.1.1.1"},
      // What a client could make its proxy write behind a quote that it opened.
      {{"for=1.2.3.4;host=\"a, for=6.6.6.6\""}, "unknown via 10.1.1.1"},
      {{"for=1.2.3.4;host=\"a, for=6.6.6.6;x=y\""}, "unknown via 10.1.1.1"},
      {{"for=1.2.3.4;host=\"a, for=6.6.6.6;x=\\\"\""}, "unknown via 10.1.1.1"},
  };
  for (const ForwardedCase& c : cases) {
    Request request{.peer = "10.1.1.1"};
    for (const std::string& value : c.forwarded) request.headers.add("forwarded", value);
    EXPECT_EQ(proxies.client_of(request).address, c.address) << c.forwarded.front();
    request.peer = "203.0.113.9";
    EXPECT_EQ(proxies.client_of(request).address, "203.0.113.9") << "a stranger is not believed";
    request.peer = "10.1.1.1";
    request.headers.add("X-Forwarded-For", "5.5.5.5");
    EXPECT_EQ(proxies.client_of(request).address, "5.5.5.5") << "what every proxy adds to counts first";
  }
}

TEST(client_address, tells_how_it_is_known) {
  const Proxies proxies{{"10.0.0.0/8"}};
  Request request{.peer = "10.1.1.1"};
  EXPECT_EQ(proxies.client_of(request).naming, Proxies::Naming::missing);
  request.headers.add("X-Forwarded-For", "1.2.3.4, _hidden");
  const auto client = proxies.client_of(request);
  EXPECT_EQ(client.naming, Proxies::Naming::unreadable);
  EXPECT_EQ(client.header, "X-Forwarded-For");
  EXPECT_EQ(client.item, "_hidden");
  request.headers.set("X-Forwarded-For", "1.2.3.4");
  EXPECT_EQ(proxies.client_of(request).naming, Proxies::Naming::known);
  request.headers.set("X-Forwarded-For", "unknown");
  request.peer = "203.0.113.9";
  EXPECT_EQ(proxies.client_of(request).naming, Proxies::Naming::known) << "a stranger's header says nothing";
}

struct SchemeCase {
  std::vector<std::string> protocols;
  std::string_view forwarded;
  bool is_plain;
};

TEST(client_scheme, is_plain_when_a_trusted_proxy_says_so_of_the_first_hop) {
  const Proxies proxies{{"10.0.0.0/8"}};
  const std::vector<SchemeCase> cases{
      {{"http"}, "", true},
      {{"HTTP"}, "", true},
      {{" http "}, "", true},
      {{"http, https"}, "", true},
      {{"http,http"}, "", true},
      {{"http", "https"}, "", true},
      {{"", "http"}, "", true},
      {{"http,"}, "", true},
      {{",http"}, "", true},
      {{"https"}, "", false},
      {{"HTTPS"}, "", false},
      {{"https, http"}, "", false},
      {{"https", "http"}, "", false},
      {{}, "", false},
      {{""}, "", false},
      {{"ftp"}, "", false},
      {{"httpx"}, "", false},
      {{}, "for=1.2.3.4;proto=http", true},
      {{}, "for=1.2.3.4;Proto=\"HTTP\"", true},
      {{}, "proto=http;for=1.2.3.4, for=10.2.2.2;proto=https", true},
      {{}, "for=1.2.3.4;proto=https", false},
      {{}, "for=1.2.3.4", false},
      {{"https"}, "for=1.2.3.4;proto=http", false},
      {{"http"}, "for=1.2.3.4;proto=https", true},
  };
  for (const SchemeCase& c : cases) {
    Request request{.peer = "10.1.1.1"};
    for (const std::string& value : c.protocols) request.headers.add("x-forwarded-proto", value);
    if (!c.forwarded.empty()) request.headers.add("Forwarded", c.forwarded);
    const std::string shown = (c.protocols.empty() ? "" : c.protocols.front()) + " " + std::string{c.forwarded};
    EXPECT_EQ(proxies.says_plain(request), c.is_plain) << shown;
    request.peer = "203.0.113.9";
    EXPECT_FALSE(proxies.says_plain(request)) << "a stranger is not believed: " << shown;
  }
}

TEST(network, is_read_strictly) {
  for (const auto text : {"0.0.0.0/0", "10.0.0.0/8", "10.1.2.3", "::/0", "::1", "fd00::/8", "::ffff:10.0.0.0/104"}) {
    EXPECT_TRUE(parse_network(text)) << text;
  }
  for (const auto text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0/8", "::/129",
                          "10.0.0.0/8/8", "localhost", "*"}) {
    EXPECT_FALSE(parse_network(text)) << text;
    EXPECT_THROW(Proxies{{text}}, std::invalid_argument) << text;
  }
}

TEST(network, holds_addresses_by_bits_and_family) {
  const auto holds = [](std::string_view network, std::string_view address) {
    return contains(*parse_network(network), *parse_address(address));
  };
  EXPECT_TRUE(holds("10.0.0.0/8", "10.255.0.1"));
  EXPECT_FALSE(holds("10.0.0.0/8", "11.0.0.1"));
  EXPECT_TRUE(holds("192.168.4.0/22", "192.168.7.255"));
  EXPECT_FALSE(holds("192.168.4.0/22", "192.168.8.0"));
  EXPECT_TRUE(holds("0.0.0.0/0", "1.2.3.4"));
  EXPECT_FALSE(holds("0.0.0.0/0", "::1"));
  EXPECT_TRUE(holds("::/0", "::1"));
  EXPECT_FALSE(holds("::/0", "1.2.3.4"));
  EXPECT_TRUE(holds("::ffff:10.0.0.0/104", "10.3.3.3"));
  EXPECT_TRUE(holds("2001:db8::/33", "2001:db8:7fff::"));
  EXPECT_FALSE(holds("2001:db8::/33", "2001:db8:8000::"));
}

TEST(Proxies, unix_sockets_have_no_address_and_are_trusted_by_a_word) {
  Request request;
  request.peer = std::string{unix_peer};
  request.headers.add("X-Forwarded-For", "203.0.113.9, 192.0.2.7");
  request.headers.add("X-Forwarded-Proto", "http");
  const Proxies trusting{{"unix:", "10.0.0.0/8"}};
  EXPECT_TRUE(trusting.brought(request));
  EXPECT_EQ(trusting.client_of(request).address, "192.0.2.7");
  EXPECT_TRUE(trusting.says_plain(request));
  const Proxies others{{"0.0.0.0/1", "128.0.0.0/1", "::/1"}};
  EXPECT_FALSE(others.brought(request)) << "no network holds what has no address";
  EXPECT_FALSE(others.says_plain(request));
  const auto unheard = others.client_of(request);
  EXPECT_EQ(unheard.address, "unix:");
  EXPECT_EQ(unheard.naming, Proxies::Naming::unheard);
  Request silent;
  silent.peer = std::string{unix_peer};
  EXPECT_EQ(trusting.client_of(silent).naming, Proxies::Naming::missing);
  EXPECT_EQ(trusting.client_of(silent).address, "unix:");
  EXPECT_EQ(others.client_of(silent).naming, Proxies::Naming::known) << "one client of this machine, by itself";
  silent.headers.add("X-Forwarded-For", "unknown");
  EXPECT_EQ(trusting.client_of(silent).address, "unknown via unix:");
}

TEST(Proxies, an_address_does_not_become_a_unix_socket_by_what_it_says) {
  Request request;
  request.peer = "203.0.113.9";
  request.headers.add("X-Forwarded-For", "unix:");
  EXPECT_FALSE(Proxies{{"unix:"}}.brought(request));
  EXPECT_EQ(Proxies{{"unix:"}}.client_of(request).address, "203.0.113.9");
}

}  // namespace
}  // namespace cardea::http
