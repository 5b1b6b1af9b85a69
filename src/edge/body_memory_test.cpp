#include "edge/body_memory.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <thread>
#include <vector>

namespace cardea::edge {
namespace {

TEST(BodyMemory, is_taken_to_the_last_byte_and_given_back) {
  BodyMemory memory{100};
  {
    BodyShare first{memory};
    BodyShare second{memory};
    EXPECT_TRUE(first.grow_to(60, BodyUse::response));
    EXPECT_FALSE(second.grow_to(41, BodyUse::response));
    EXPECT_TRUE(second.grow_to(40, BodyUse::response));
    EXPECT_EQ(memory.taken(), 100U);
    second.give_back();
    EXPECT_EQ(memory.taken(), 60U);
  }
  EXPECT_EQ(memory.taken(), 0U);
  BodyShare greedy{memory};
  EXPECT_FALSE(greedy.grow_to(101, BodyUse::response));
  EXPECT_FALSE(greedy.grow_to(SIZE_MAX, BodyUse::response));
}

TEST(BodyMemory, a_share_grows_by_the_difference_and_stays_as_it_was_when_it_cannot) {
  BodyMemory memory{100};
  BodyShare share{memory};
  EXPECT_TRUE(share.grow_to(60, BodyUse::response));
  EXPECT_TRUE(share.grow_to(50, BodyUse::response));
  EXPECT_EQ(memory.taken(), 60U);
  EXPECT_TRUE(share.grow_to(90, BodyUse::response));
  EXPECT_EQ(memory.taken(), 90U);
  EXPECT_FALSE(share.grow_to(101, BodyUse::response));
  EXPECT_EQ(memory.taken(), 90U);
}

TEST(BodyMemory, the_last_eighth_is_for_responses) {
  BodyMemory memory{800};
  BodyShare requests{memory};
  EXPECT_TRUE(requests.grow_to(700));
  EXPECT_FALSE(requests.grow_to(701));
  BodyShare response{memory};
  EXPECT_TRUE(response.grow_to(100, BodyUse::response));
  EXPECT_EQ(memory.taken(), 800U);
}

TEST(BodyMemory, of_the_second_half_nobody_has_more_than_an_eighth_by_network_or_by_account) {
  BodyMemory memory{800};
  BodyShare half{memory};
  half.belongs_to("192.0.2.9", "usr_9");
  EXPECT_TRUE(half.grow_to(400)) << "as long as half of it is free";
  BodyShare first{memory};
  BodyShare second{memory};
  BodyShare third{memory};
  first.belongs_to("192.0.2.1", "usr_1");
  second.belongs_to("192.0.2.1", "usr_2");
  third.belongs_to("192.0.2.2", "usr_1");
  EXPECT_TRUE(first.grow_to(60));
  EXPECT_TRUE(second.grow_to(40));
  EXPECT_FALSE(second.grow_to(41)) << "of one network";
  EXPECT_FALSE(third.grow_to(41)) << "of one account";
  EXPECT_TRUE(third.grow_to(40));
  BodyShare other{memory};
  other.belongs_to("192.0.2.3", "usr_3");
  EXPECT_TRUE(other.grow_to(100));
  first.give_back();
  EXPECT_TRUE(second.grow_to(41));
}

TEST(BodyMemory, one_body_may_be_larger_than_that) {
  BodyMemory memory{800};
  BodyShare half{memory};
  EXPECT_TRUE(half.grow_to(400));
  BodyShare large{memory};
  large.belongs_to("192.0.2.1", "");
  EXPECT_TRUE(large.grow_to(50));
  EXPECT_TRUE(large.grow_to(300));
  BodyShare another{memory};
  another.belongs_to("192.0.2.1", "");
  EXPECT_FALSE(another.grow_to(1));
  large.give_back();
  EXPECT_TRUE(another.grow_to(300));
}

TEST(BodyMemory, threads_never_take_more_than_there_is) {
  BodyMemory memory{4};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&memory] {
      for (int round = 0; round < 2'000; ++round) {
        BodyShare share{memory};
        (void)share.grow_to(2);
        EXPECT_LE(memory.taken(), 4U);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(memory.taken(), 0U);
}

TEST(BodyRoom, doubles_up_to_the_length_and_is_paid_for_beyond_a_small_body) {
  BodyMemory memory{45'000};
  BodyShare share{memory};
  std::string body(small_body, 'a');
  ASSERT_TRUE(make_room(body, share, 25'000));
  EXPECT_GE(body.capacity(), 2 * small_body);
  EXPECT_EQ(memory.taken(), 2 * small_body);
  body.append(small_body, 'b');
  ASSERT_TRUE(make_room(body, share, 25'000));
  EXPECT_EQ(memory.taken(), 25'000U);
  EXPECT_EQ(body, std::string(small_body, 'a') + std::string(small_body, 'b'));
  EXPECT_FALSE(make_room(body, share, 200'000)) << "that much is not left";
  EXPECT_EQ(body.size(), 2 * small_body);
}

TEST(BodyRoom, of_a_small_body_costs_nothing) {
  BodyMemory memory{1};
  BodyShare share{memory};
  std::string body;
  ASSERT_TRUE(make_room(body, share, small_body));
  EXPECT_GE(body.capacity(), small_body);
  EXPECT_EQ(memory.taken(), 0U);
}

}  // namespace
}  // namespace cardea::edge
