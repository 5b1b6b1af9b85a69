#include "base/coarse_network.hpp"

#include <gtest/gtest.h>

#include "base/user_agent.hpp"

namespace cardea {
namespace {

TEST(CoarseNetwork, is_the_network_around_an_address) {
  EXPECT_EQ(coarse_network("203.0.113.77"), "203.0.113.0/24");
  EXPECT_EQ(coarse_network("2001:db8:1:2:3:4:5:6"), "2001:db8:1::/48");
  EXPECT_EQ(coarse_network("fe80::1%eth0"), "fe80::/48");
  EXPECT_EQ(coarse_network("::ffff:203.0.113.77"), "203.0.113.0/24") << "an IPv4 address in IPv6";
}

TEST(CoarseNetwork, of_no_address_is_empty) {
  for (const char* text : {"", "unknown via 192.0.2.1", "192.0.2", "nonsense"}) {
    EXPECT_EQ(coarse_network(text), "") << text;
  }
}

TEST(BrowserHint, is_read_off_a_user_agent) {
  const auto hint = describe_browser("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0");
  EXPECT_EQ(hint.program, "Firefox");
  EXPECT_EQ(hint.system, "Linux");
  EXPECT_EQ(hint.type, "computer");
  EXPECT_EQ(describe_browser("").program, "");
}

}  // namespace
}  // namespace cardea
