#include "base/fair_queue.hpp"

#include <gtest/gtest.h>

#include <string>

namespace cardea {
namespace {

Share from(std::string_view address, bool has_reserve = false) {
  return {.network = ClientNetwork{address}, .has_reserve = has_reserve};
}

std::optional<std::string> push(FairQueue<std::string>& queue, std::string_view address, std::string item,
                                bool has_reserve = false) {
  return queue.push(from(address, has_reserve), item);
}

std::string drain(FairQueue<std::string>& queue) {
  std::string order;
  while (auto item = queue.pop()) order += (order.empty() ? "" : " ") + *item;
  return order;
}

TEST(ClientNetwork, widths_are_those_that_subscribers_have) {
  struct Row {
    const char* a;
    const char* b;
    std::size_t common;  // widths at which they are one
  };
  for (const Row& row :
       {Row{"192.0.2.1", "192.0.2.1", 3}, Row{"192.0.2.1", "192.0.2.2", 0}, Row{"::ffff:192.0.2.1", "192.0.2.1", 3},
        Row{"2001:db8:1:203::1", "2001:db8:1:203:f::9", 3}, Row{"2001:db8:1:203::1", "2001:db8:1:204::1", 2},
        Row{"2001:db8:1:203::1", "2001:db8:1:303::1", 1}, Row{"2001:db8:1:203::1", "2001:db8:2:203::1", 0},
        Row{"fe80::1%eth0", "fe80::2%eth1", 3}, Row{"@", "@", 3}, Row{"@", "192.0.2.1", 0}, Row{"", "::", 0}}) {
    const ClientNetwork a{row.a};
    const ClientNetwork b{row.b};
    std::size_t common = 0;
    while (common < ClientNetwork::widths && a.text(common) == b.text(common)) ++common;
    EXPECT_EQ(common, row.common) << row.a << " and " << row.b;
    EXPECT_EQ(a.path() == b.path(), row.common == 3) << row.a << " and " << row.b;
  }
}

TEST(FairQueue, turns_go_round_by_network) {
  FairQueue<std::string> queue{100};
  for (const char* item : {"a1", "a2", "a3", "a4"}) EXPECT_FALSE(push(queue, "192.0.2.1", item));
  for (const char* item : {"b1", "b2"}) EXPECT_FALSE(push(queue, "192.0.2.2", item));
  EXPECT_FALSE(push(queue, "192.0.2.3", "c1"));
  EXPECT_EQ(queue.size(), 7U);
  EXPECT_EQ(drain(queue), "a1 b1 c1 a2 b2 a3 a4");
  EXPECT_TRUE(queue.empty());
}

TEST(FairQueue, a_large_network_has_one_turn_and_shares_it_among_its_parts) {
  FairQueue<std::string> queue{100};
  // 1: a /48 with two /56, of which one has two /64. 2: another /48.
  for (const char* item : {"a1", "a2"}) EXPECT_FALSE(push(queue, "2001:db8:1:100::1", item));
  EXPECT_FALSE(push(queue, "2001:db8:1:101::1", "b1"));
  EXPECT_FALSE(push(queue, "2001:db8:1:200::1", "c1"));
  for (const char* item : {"x1", "x2", "x3", "x4"}) EXPECT_FALSE(push(queue, "2001:db8:2::1", item));
  EXPECT_EQ(drain(queue), "a1 x1 c1 x2 b1 x3 a2 x4");
}

TEST(FairQueue, alone_anybody_may_fill_it_and_whoever_comes_gets_a_place) {
  FairQueue<std::string> queue{4};
  for (const char* item : {"a1", "a2", "a3", "a4"}) EXPECT_FALSE(push(queue, "192.0.2.1", item));
  EXPECT_EQ(push(queue, "192.0.2.1", "a5"), "a5");
  EXPECT_FALSE(queue.has_room_for(from("192.0.2.1")));
  EXPECT_TRUE(queue.has_room_for(from("192.0.2.2")));
  EXPECT_EQ(push(queue, "192.0.2.2", "b1"), "a4");
  EXPECT_EQ(push(queue, "192.0.2.2", "b2"), "a3");
  EXPECT_EQ(push(queue, "192.0.2.2", "b3"), "b3") << "they have as much as each other";
  EXPECT_EQ(push(queue, "192.0.2.3", "c1"), "a2") << "one of those who have most";
  EXPECT_EQ(drain(queue), "a1 b1 c1 b2");
}

TEST(FairQueue, many_addresses_of_one_network_do_not_crowd_out_another) {
  FairQueue<std::string> queue{8};
  for (int i = 0; i < 8; ++i) {
    EXPECT_FALSE(push(queue, "2001:db8:1:" + std::to_string(i) + "00::1", "a" + std::to_string(i)));
  }
  EXPECT_TRUE(push(queue, "2001:db8:1:900::1", "a9")) << "of the same /48";
  EXPECT_TRUE(push(queue, "192.0.2.1", "b1")->starts_with("a"));
  const std::string order = drain(queue);
  EXPECT_EQ(order.find("b1"), 3U) << order;
}

TEST(FairQueue, within_a_network_too_whoever_has_most_makes_room) {
  FairQueue<std::string> queue{4};
  for (const char* item : {"a1", "a2", "a3", "a4"}) EXPECT_FALSE(push(queue, "2001:db8:1:100::1", item));
  EXPECT_EQ(push(queue, "2001:db8:1:200::1", "b1"), "a4");
  EXPECT_EQ(drain(queue), "a1 b1 a2 a3");
}

TEST(FairQueue, strangers_leave_the_reserve_alone_and_every_other_turn) {
  FairQueue<std::string> queue{8, 2};
  for (int i = 0; i < 6; ++i) {
    EXPECT_FALSE(push(queue, "192.0.2." + std::to_string(i), "s" + std::to_string(i)));
  }
  EXPECT_EQ(push(queue, "192.0.2.9", "s9"), "s9") << "as many strangers as there may be, each with one";
  for (const char* item : {"k1", "k2"}) EXPECT_FALSE(push(queue, "192.0.2.9", item, true));
  EXPECT_EQ(push(queue, "192.0.2.9", "k3", true), "k3");
  EXPECT_EQ(push(queue, "192.0.2.10", "k4", true), "k2");
  EXPECT_EQ(drain(queue), "k1 s0 k4 s1 s2 s3 s4 s5");
}

TEST(FairQueue, without_a_place_nothing_is_queued) {
  FairQueue<std::string> queue{0, 3};
  EXPECT_EQ(push(queue, "192.0.2.1", "a"), "a");
  EXPECT_EQ(push(queue, "192.0.2.1", "b", true), "b");
  EXPECT_FALSE(queue.pop());
}

}  // namespace
}  // namespace cardea
