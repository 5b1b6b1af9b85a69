#include "http/forwarded.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <string>

namespace cardea::http {
namespace {

std::string read(std::string_view text) {
  const auto address = parse_node(text);
  return address ? to_text(*address) : "";
}

TEST(forwarded_node, is_read_in_every_spelling_that_means_one_address) {
  for (const std::string_view text :
       {"203.0.113.7", "203.0.113.7:51234", "203.0.113.7:0", "203.0.113.7:65535", "203.0.113.7:_port",
        "203.0.113.7:", "\"203.0.113.7\"", "\"203.0.113.7:51234\"", " 203.0.113.7\t", "::ffff:203.0.113.7",
        "[::ffff:203.0.113.7]:443", "[::FFFF:cb00:7107]"}) {
    EXPECT_EQ(read(text), "203.0.113.7") << text;
  }
  for (const std::string_view text :
       {"2001:db8::7", "[2001:db8::7]", "[2001:db8::7]:443", "\"[2001:db8::7]\"", "\"[2001:db8::7]:443\"",
        "\"2001:db8::7\"", "2001:DB8:0:0::7", "[2001:db8:0:0:0:0:0:7]:1", "[2001:db8::7]:_x-y",
        "[2001:db8::7]:", "2001:db8::7%eth0", "[2001:db8::7%25eth0]:443"}) {
    EXPECT_EQ(read(text), "2001:db8::7") << text;
  }
}

TEST(forwarded_node, that_could_be_something_else_is_not_read) {
  for (const std::string_view text : {"",
                                      " ",
                                      "unknown",
                                      "_hidden",
                                      "_",
                                      "localhost",
                                      "client.example",
                                      "-",
                                      "01.2.3.4",
                                      "1.2.3",
                                      "1.2.3.4.5",
                                      "1.2.3.256",
                                      "0x1.2.3.4",
                                      "1.2.3.4:65536",
                                      "1.2.3.4:99999",
                                      "1.2.3.4:000080",
                                      "1.2.3.4:-1",
                                      "1.2.3.4: 80",
                                      "1.2.3.4:8a",
                                      "1.2.3.4 80",
                                      "1.2.3.4/24",
                                      "1.2.3.4%eth0",
                                      ":80",
                                      "[1.2.3.4]",
                                      "[1.2.3.4]:80",
                                      "[]",
                                      "[",
                                      "[2001:db8::7",
                                      "2001:db8::7]",
                                      "[2001:db8::7]443",
                                      "[2001:db8::7] :443",
                                      "[2001:db8::7]:65536",
                                      "[[2001:db8::7]]",
                                      "2001:db8::7:51234",
                                      "2001:db8::g",
                                      "2001:db8::7%",
                                      "\"1.2.3.4",
                                      "1.2.3.4\"",
                                      "\"\"1.2.3.4\"\"",
                                      "'1.2.3.4'",
                                      "\"1.2.3.4\":80",
                                      "for=1.2.3.4",
                                      "http://1.2.3.4"}) {
    EXPECT_EQ(read(text), "") << text;
  }
  EXPECT_EQ(read(std::string_view{"1.2.3.4\0", 8}), "");
}

RC_GTEST_PROP(ForwardedNode, may_be_any_address_with_any_port,
              (const std::array<std::uint8_t, 16>& octets, std::uint16_t port)) {
  Address v6{.octets = octets};
  v6.octets[0] |= 0x20;  // no mapped one
  const std::string text = to_text(v6);
  const std::string with_port = "\"[" + text + "]:" + std::to_string(port) + "\"";
  RC_ASSERT(parse_node(text) == v6);
  RC_ASSERT(parse_node(with_port) == v6);
}

TEST(forwarded_parameter, is_found_by_its_name_in_a_whole_element) {
  EXPECT_EQ(forwarded_parameter("for=1.2.3.4;proto=https", "proto"), "https");
  EXPECT_EQ(forwarded_parameter("FOR=\"[2001:db8::7]:1\" ; proto=https;", "for"), "[2001:db8::7]:1");
  EXPECT_EQ(forwarded_parameter("proto=https", "for"), "");
  for (const auto* element : {"for", "for=", "=1.2.3.4", "for=1.2.3.4;=", "for=1.2.3.4;x", "for =1.2.3.4",
                              "for= 1.2.3.4", "for=1.2.3.4;for=1.2.3.4", "for=1.2.3.4;x=\"", "for=1.2.3.4;x=a\"b"}) {
    EXPECT_EQ(forwarded_parameter(element, "for"), "") << element;
  }
}

}  // namespace
}  // namespace cardea::http
