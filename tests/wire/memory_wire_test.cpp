// What bodies, read and sent, may take of the memory.

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "tests/support/raw_client.hpp"
#include "tests/wire/house.hpp"

namespace cardea::wire_tests {
namespace {

using namespace std::chrono_literals;
using testing_support::RawClient;

using Crowd = std::vector<std::unique_ptr<RawClient>>;

edge::Settings with_memory(std::int64_t mib) {
  edge::Settings settings = House::small();
  settings.body_memory_mib = mib;
  return settings;
}

bool is_taken(const House& house, std::size_t bytes) {
  const std::string line = "cardea_body_memory_bytes " + std::to_string(bytes) + "\n";
  return house.metrics.prometheus_text().find(line) != std::string::npos;
}

/// True as soon as large bodies take exactly so much. Every turn is a request, which is what the server needs to go on.
bool comes_to(const House& house, std::size_t bytes) {
  RawClient pace{house.port()};
  for (int turn = 0; turn < 20'000; ++turn) {
    if (is_taken(house, bytes)) return true;
    if (!pace.ask(get("/instant"))) return false;
  }
  return false;
}

void expect_busy(RawClient& client, std::string_view request, std::string_view connection) {
  const auto answer = client.ask(request);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 503);
  EXPECT_EQ(answer->field("Retry-After"), "1");
  EXPECT_EQ(answer->field("Connection"), connection);
}

TEST(BodyMemory, responses_that_nobody_reads_stop_at_it_and_leave_room_again) {
  constexpr std::size_t size = House::large_size;
  constexpr std::size_t room_for = 4;  // of them in 32 MiB
  House house{with_memory(32)};
  Crowd holders;
  for (std::size_t i = 0; i < room_for; ++i) {
    holders.push_back(std::make_unique<RawClient>(house.port()));
    ASSERT_TRUE(holders.back()->send(get("/large")));
    ASSERT_TRUE(holders.back()->has_input_within(20s)) << "the answer has begun";
  }
  Crowd refused;
  for (int i = 0; i < 30; ++i) {
    refused.push_back(std::make_unique<RawClient>(house.port()));
    expect_busy(*refused.back(), get("/large"), "");
  }
  EXPECT_TRUE(is_taken(house, room_for * size));
  EXPECT_EQ(refused[0]->ask(get("/instant"))->body, "hello") << "small answers go on";
  ASSERT_TRUE(refused[1]->send("HEAD /large HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_EQ(refused[1]->receive_head()->status, 200) << "nothing of the body is kept for HEAD";

  EXPECT_EQ(holders[0]->receive()->body.size(), size);
  EXPECT_EQ(holders[0]->ask(get("/instant"))->status, 200);
  EXPECT_EQ(refused[0]->ask(get("/large"))->body.size(), size) << "the room of the first";
  holders.clear();
  EXPECT_TRUE(comes_to(house, 0)) << "those who leave give theirs back";
}

}  // namespace
}  // namespace cardea::wire_tests
