#include "edge/connection_limit.hpp"

#include <gtest/gtest.h>

namespace cardea::edge {
namespace {

TEST(ConnectionLimit, one_address_gets_its_share_and_leaves_the_rest_to_others) {
  ConnectionLimit limit{{.all = 5, .per_address = 2}};
  std::optional<ConnectionPermit> first = ConnectionPermit::acquire(limit, "192.0.2.1");
  const auto second = ConnectionPermit::acquire(limit, "192.0.2.1");
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(ConnectionPermit::acquire(limit, "192.0.2.1"));
  EXPECT_FALSE(ConnectionPermit::acquire(limit, "::ffff:192.0.2.1")) << "the same address";
  const auto other = ConnectionPermit::acquire(limit, "192.0.2.2");
  EXPECT_TRUE(other);
  EXPECT_EQ(limit.count(), 3);
  first.reset();
  EXPECT_EQ(limit.count(), 2);
  EXPECT_TRUE(ConnectionPermit::acquire(limit, "192.0.2.1"));
}

TEST(ConnectionLimit, the_limit_of_all_holds_for_everybody) {
  ConnectionLimit limit{{.all = 2, .per_address = 2, .exempt = {*http::parse_network("10.0.0.0/8")}}};
  const auto first = ConnectionPermit::acquire(limit, "192.0.2.1");
  const auto second = ConnectionPermit::acquire(limit, "10.0.0.1");
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(ConnectionPermit::acquire(limit, "192.0.2.2"));
  EXPECT_FALSE(ConnectionPermit::acquire(limit, "10.0.0.1"));
}

TEST(ConnectionLimit, an_ipv6_subscriber_is_one_address) {
  ConnectionLimit limit{{.all = 5, .per_address = 1}};
  const auto first = ConnectionPermit::acquire(limit, "2001:db8:0:1::1");
  EXPECT_TRUE(first);
  EXPECT_FALSE(ConnectionPermit::acquire(limit, "2001:db8:0:1:ffff::2"));
  EXPECT_TRUE(ConnectionPermit::acquire(limit, "2001:db8:0:2::1"));
}

TEST(ConnectionLimit, a_proxy_may_have_any_number) {
  ConnectionLimit limit{{.all = 5, .per_address = 1, .exempt = {*http::parse_network("10.0.0.0/8")}}};
  const auto first = ConnectionPermit::acquire(limit, "10.0.0.1");
  const auto second = ConnectionPermit::acquire(limit, "10.0.0.1");
  EXPECT_TRUE(first && second);
}

TEST(ConnectionLimit, a_moved_permit_is_released_once) {
  ConnectionLimit limit{{.all = 5, .per_address = 5}};
  {
    auto permit = ConnectionPermit::acquire(limit, "192.0.2.1");
    const ConnectionPermit moved = std::move(*permit);
    EXPECT_EQ(limit.count(), 1);
  }
  EXPECT_EQ(limit.count(), 0);
  EXPECT_TRUE(limit.wait_until_none(Duration{0}));
}

}  // namespace
}  // namespace cardea::edge
