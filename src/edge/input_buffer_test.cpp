#include "edge/input_buffer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace cardea::edge {
namespace {

void fill(InputBuffer& buffer, std::string_view text) {
  while (!text.empty()) {
    const auto room = buffer.room();
    ASSERT_FALSE(room.empty());
    const std::size_t size = std::min(room.size(), text.size());
    std::memcpy(room.data(), text.data(), size);
    buffer.received(size);
    text.remove_prefix(size);
  }
}

TEST(InputBuffer, grows_to_its_limit_and_not_beyond) {
  InputBuffer buffer{5000};
  const std::string text(5000, 'a');
  fill(buffer, text);
  EXPECT_EQ(buffer.view(), text);
  EXPECT_TRUE(buffer.full());
  EXPECT_TRUE(buffer.room().empty());
}

TEST(InputBuffer, tells_beforehand_what_it_will_hold) {
  InputBuffer buffer{5000};
  EXPECT_EQ(buffer.capacity_for_more(), InputBuffer::small);
  fill(buffer, std::string(InputBuffer::small, 'a'));
  EXPECT_EQ(buffer.capacity_for_more(), 2 * InputBuffer::small);
  buffer.consume(InputBuffer::small / 2);
  EXPECT_EQ(buffer.capacity_for_more(), InputBuffer::small) << "what is left is moved up";
  fill(buffer, std::string(5000 - InputBuffer::small / 2, 'b'));
  EXPECT_EQ(buffer.capacity_for_more(), 5000U) << "it is full";
}

TEST(InputBuffer, what_is_consumed_makes_room) {
  InputBuffer buffer{4096};
  fill(buffer, std::string(4000, 'a') + std::string(96, 'b'));
  buffer.consume(4000);
  EXPECT_EQ(buffer.view(), std::string(96, 'b'));
  fill(buffer, std::string(4000, 'c'));
  EXPECT_EQ(buffer.view(), std::string(96, 'b') + std::string(4000, 'c'));
}

TEST(InputBuffer, what_is_consumed_is_wiped) {
  InputBuffer buffer{4096};
  fill(buffer, "password next");
  const char* data = buffer.view().data();
  buffer.consume(8);
  for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ(data[i], 0);
  EXPECT_EQ(buffer.view(), " next");
}

TEST(InputBuffer, an_idle_one_is_small_again) {
  InputBuffer buffer{16 * 1024};
  fill(buffer, std::string(10'000, 'a') + "rest");
  EXPECT_FALSE(buffer.shrink());
  EXPECT_EQ(buffer.view().size(), 10'004U) << "nothing is lost";
  buffer.consume(10'000);
  EXPECT_TRUE(buffer.shrink());
  EXPECT_EQ(buffer.view(), "rest");
  EXPECT_EQ(buffer.room().size(), InputBuffer::small - 4);
}

}  // namespace
}  // namespace cardea::edge
