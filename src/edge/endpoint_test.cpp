#include "edge/endpoint.hpp"

#include <gtest/gtest.h>

namespace cardea::edge {
namespace {

TEST(Endpoint, address_and_port_are_read) {
  EXPECT_EQ(parse_endpoint("127.0.0.1:8025")->port(), 8025);
  EXPECT_EQ(address_text(*parse_endpoint("[::1]:443")), "::1");
  EXPECT_EQ(address_text(*parse_endpoint("localhost:0")), "127.0.0.1");
}

TEST(Endpoint, anything_else_is_refused) {
  for (const char* wrong : {"", "8025", ":8025", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "::1:80",
                            "[::1]", "[127.0.0.1]:80", "example.org:80", "127.0.0.1:80 ", "[]:80"}) {
    EXPECT_FALSE(parse_endpoint(wrong)) << wrong;
  }
}

TEST(Endpoint, a_mapped_address_is_shown_as_ipv4) {
  const auto mapped = asio::ip::make_address("::ffff:192.0.2.7");
  EXPECT_EQ(address_text(Tcp::endpoint{mapped, 1}), "192.0.2.7");
}

TEST(Endpoint, the_zone_of_an_address_is_not_shown) {
  asio::ip::address_v6 local = asio::ip::make_address_v6("FE80:0::1");
  local.scope_id(1);
  EXPECT_EQ(address_text(Tcp::endpoint{local, 1}), "fe80::1");
}

}  // namespace
}  // namespace cardea::edge
