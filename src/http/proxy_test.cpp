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
      {"10.1.1.1", {"1.2.3.4, garbage"}, "10.1.1.1"},
      {"10.1.1.1", {"1.2.3.4, garbage, 10.2.2.2"}, "10.1.1.1"},
      {"10.1.1.1", {"1.2.3.4,"}, "10.1.1.1"},
      {"10.1.1.1", {""}, "10.1.1.1"},
      {"10.1.1.1", {"1.2.3.4:80"}, "10.1.1.1"},
      {"10.1.1.1", {"[2001:db8::1]"}, "10.1.1.1"},
      {"10.1.1.1", {"01.2.3.4"}, "10.1.1.1"},
      {"10.1.1.1", {"unknown"}, "10.1.1.1"},
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
  for (const auto name : {"X_Forwarded_For", "X-Forwarded-For ", "Forwarded", "X-Real-IP", "X-Client-IP"}) {
    request.headers.add(name, "6.6.6.6");
  }
  EXPECT_EQ(proxies.client_of(request).address, "10.1.1.1");
}

TEST(client_scheme, is_believed_from_a_trusted_proxy_alone) {
  const Proxies proxies{{"10.0.0.0/8"}};
  const auto is_secure = [&](std::string_view peer, bool tls, std::vector<std::string> values) {
    Request request{.peer = std::string{peer}, .secure = tls};
    for (const std::string& value : values) request.headers.add("X-Forwarded-Proto", value);
    return proxies.client_of(request).secure;
  };
  EXPECT_TRUE(is_secure("10.1.1.1", false, {"https"}));
  EXPECT_TRUE(is_secure("10.1.1.1", false, {"HTTPS"}));
  EXPECT_FALSE(is_secure("10.1.1.1", true, {"http"}));
  EXPECT_FALSE(is_secure("10.1.1.1", false, {"https, http"}));
  EXPECT_FALSE(is_secure("10.1.1.1", false, {"https", "https"}));
  EXPECT_FALSE(is_secure("10.1.1.1", false, {}));
  EXPECT_TRUE(is_secure("10.1.1.1", true, {}));
  EXPECT_FALSE(is_secure("6.6.6.6", false, {"https"}));
  EXPECT_TRUE(is_secure("6.6.6.6", true, {"http"}));
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

}  // namespace
}  // namespace cardea::http
