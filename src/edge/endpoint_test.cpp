#include "edge/endpoint.hpp"

#include <gtest/gtest.h>

#include "edge/server.hpp"

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

TEST(Endpoint, a_place_to_listen_is_an_address_a_path_or_a_name) {
  for (const char* right : {"127.0.0.1:80", "[::]:443", "unix:/run/cardea/cardea.sock", "unix:./data/it.sock",
                            "systemd:", "systemd:web", "systemd:cardea.socket"}) {
    EXPECT_EQ(problem_with_listen(right), "") << right;
  }
  const std::string longest = "unix:/" + std::string(106, 'x');
  EXPECT_EQ(problem_with_listen(longest), "");
  for (const std::string& wrong :
       {longest + "x", std::string{"unix:"}, std::string{"unix:@name"}, std::string{"unix:/run/"},
        std::string{"unix:/run/a\0b", 12}, std::string{"/run/cardea.sock"}, std::string{"UNIX:/run/a"},
        std::string{"systemd:a:b"}, std::string{"systemd:a b"}, std::string{"systemd"}}) {
    EXPECT_NE(problem_with_listen(wrong), "") << wrong;
  }
}

TEST(Endpoint, two_places_are_compared) {
  EXPECT_TRUE(is_same_listen("unix:/run/a", "unix:/run/a"));
  EXPECT_FALSE(is_same_listen("unix:/run/a", "unix:/run/b"));
  EXPECT_TRUE(is_same_listen("systemd:", "systemd:"));
  EXPECT_FALSE(is_same_listen("unix:", "unix:")) << "a wrong one is no place";
  EXPECT_FALSE(is_same_listen("", ""));
  EXPECT_FALSE(is_same_listen("unix:/run/a", "127.0.0.1:80"));
  EXPECT_TRUE(is_same_listen("[::]:80", "127.0.0.1:80"));
}

TEST(Endpoint, is_written_as_it_is_read) {
  for (const char* text : {"127.0.0.1:80", "[::1]:443"}) EXPECT_EQ(listen_text(*parse_endpoint(text)), text);
}

}  // namespace
}  // namespace cardea::edge
