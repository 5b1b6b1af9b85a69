#include "edge/census.hpp"

#include <gtest/gtest.h>

namespace cardea::edge {
namespace {

TEST(Census, one_address_gets_its_share_and_leaves_the_rest_to_others) {
  Census census{{.all = 5, .per_address = 2}};
  std::optional<Guest> first = Guest::admit(census, "192.0.2.1");
  const auto second = Guest::admit(census, "192.0.2.1");
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(Guest::admit(census, "192.0.2.1"));
  EXPECT_FALSE(Guest::admit(census, "::ffff:192.0.2.1")) << "the same address";
  const auto other = Guest::admit(census, "192.0.2.2");
  EXPECT_TRUE(other);
  EXPECT_EQ(census.count(), 3);
  first.reset();
  EXPECT_EQ(census.count(), 2);
  EXPECT_TRUE(Guest::admit(census, "192.0.2.1"));
}

TEST(Census, the_limit_of_all_holds_for_everybody) {
  Census census{{.all = 2, .per_address = 2, .exempt = {*http::parse_network("10.0.0.0/8")}}};
  const auto first = Guest::admit(census, "192.0.2.1");
  const auto second = Guest::admit(census, "10.0.0.1");
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(Guest::admit(census, "192.0.2.2"));
  EXPECT_FALSE(Guest::admit(census, "10.0.0.1"));
}

TEST(Census, an_ipv6_subscriber_is_one_address) {
  Census census{{.all = 5, .per_address = 1}};
  const auto first = Guest::admit(census, "2001:db8:0:1::1");
  EXPECT_TRUE(first);
  EXPECT_FALSE(Guest::admit(census, "2001:db8:0:1:ffff::2"));
  EXPECT_TRUE(Guest::admit(census, "2001:db8:0:2::1"));
}

TEST(Census, a_proxy_may_have_any_number) {
  Census census{{.all = 5, .per_address = 1, .exempt = {*http::parse_network("10.0.0.0/8")}}};
  const auto first = Guest::admit(census, "10.0.0.1");
  const auto second = Guest::admit(census, "10.0.0.1");
  EXPECT_TRUE(first && second);
}

TEST(Census, a_moved_guest_leaves_once) {
  Census census{{.all = 5, .per_address = 5}};
  {
    auto guest = Guest::admit(census, "192.0.2.1");
    const Guest moved = std::move(*guest);
    EXPECT_EQ(census.count(), 1);
  }
  EXPECT_EQ(census.count(), 0);
  EXPECT_TRUE(census.wait_until_empty(Duration{0}));
}

}  // namespace
}  // namespace cardea::edge
