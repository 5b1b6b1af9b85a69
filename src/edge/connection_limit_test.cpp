#include "edge/connection_limit.hpp"

#include <gtest/gtest.h>

namespace cardea::edge {
namespace {

TEST(ConnectionLimit, one_address_gets_its_share_and_leaves_the_rest_to_others) {
  ConnectionLimit limit{{.all = 5, .per_network = 2}};
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
  ConnectionLimit limit{{.all = 2, .per_network = 2, .exempt = http::Peers{{"10.0.0.0/8"}}}};
  const auto first = ConnectionPermit::acquire(limit, "192.0.2.1");
  const auto second = ConnectionPermit::acquire(limit, "10.0.0.1");
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(ConnectionPermit::acquire(limit, "192.0.2.2"));
  EXPECT_FALSE(ConnectionPermit::acquire(limit, "10.0.0.1"));
}

TEST(ConnectionLimit, an_ipv6_subscriber_is_one_address) {
  ConnectionLimit limit{{.all = 5, .per_network = 1}};
  const auto first = ConnectionPermit::acquire(limit, "2001:db8:0:1::1");
  EXPECT_TRUE(first);
  for (const char* address : {"2001:db8:0:1:ffff::2", "2001:db8:0:2::1", "2001:db8:0:f02::1"}) {
    EXPECT_FALSE(ConnectionPermit::acquire(limit, address)) << address << " is of the same /64, /56 or /48";
  }
  EXPECT_TRUE(ConnectionPermit::acquire(limit, "2001:db8:1:1::1"));
}

TEST(ConnectionLimit, it_says_in_time_that_there_is_little_room) {
  ConnectionLimit limit{{.all = 64, .per_network = 64}};
  std::vector<std::optional<ConnectionPermit>> permits;
  while (limit.places_wanted() == 0) permits.push_back(ConnectionPermit::acquire(limit, "192.0.2.1"));
  EXPECT_EQ(permits.size(), 62U);
}

TEST(ConnectionLimit, a_proxy_may_have_any_number) {
  ConnectionLimit limit{{.all = 5, .per_network = 1, .exempt = http::Peers{{"10.0.0.0/8"}}}};
  const auto first = ConnectionPermit::acquire(limit, "10.0.0.1");
  const auto second = ConnectionPermit::acquire(limit, "10.0.0.1");
  EXPECT_TRUE(first && second);
}

TEST(ConnectionLimit, a_moved_permit_is_released_once) {
  ConnectionLimit limit{{.all = 5, .per_network = 5}};
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
