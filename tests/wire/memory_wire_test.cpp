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

using Clients = std::vector<std::unique_ptr<RawClient>>;

edge::Settings with_memory(std::int64_t mib) {
  edge::Settings settings = House::small();
  settings.body_memory_mib = mib;
  return settings;
}

std::string announced(std::string_view path, std::size_t size, std::string_view fields = "") {
  return "POST " + std::string{path} +
         " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(size) + "\r\n" +
         std::string{fields} + "\r\n";
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
  constexpr std::size_t room_for = 4;  // of them in 32 MiB, of which one client may have the first half
  House house{with_memory(32)};
  Clients holders;
  for (const char* source : {"127.0.0.1", "127.0.0.1", "127.0.0.2", "127.0.0.3"}) {
    holders.push_back(std::make_unique<RawClient>(house.port(), source));
    ASSERT_TRUE(holders.back()->send(get("/large")));
    ASSERT_TRUE(holders.back()->has_input_within(20s)) << "the answer has begun";
  }
  Clients refused;
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
  expect_busy(*refused[0], get("/large"), "");
  RawClient another{house.port(), "127.0.0.4"};
  EXPECT_EQ(another.ask(get("/large"))->body.size(), size) << "the room of the first, for somebody who has none";
  holders.clear();
  EXPECT_TRUE(comes_to(house, 0)) << "those who leave give theirs back";
}

TEST(BodyMemory, long_heads_are_paid_for_until_they_are_answered) {
  constexpr std::size_t held = 16 * 1024;  // by a head of more than half of that
  constexpr std::size_t room_for = 56;  // of them in 1 MiB, without the eighth that responses have
  House house{with_memory(1)};
  const std::string head = "GET /instant HTTP/1.1\r\nHost: a\r\nX: " + std::string(9'000, 'x');
  RawClient kept{house.port(), "127.0.0.99"};
  EXPECT_EQ(kept.ask(head + "\r\n\r\n")->status, 200);
  EXPECT_TRUE(comes_to(house, 0)) << "an idle connection keeps nothing that is to be paid for";
  Clients holders;
  for (std::size_t i = 0; i < room_for; ++i) {
    const std::string source = "127.0.0." + std::to_string(i + 1);
    holders.push_back(std::make_unique<RawClient>(house.port(), source.c_str()));
    ASSERT_TRUE(holders.back()->send(head));
  }
  ASSERT_TRUE(comes_to(house, room_for * held));
  RawClient refused{house.port(), "127.0.0.200"};
  expect_busy(refused, head + "\r\n\r\n", "close");
  RawClient small{house.port(), "127.0.0.201"};
  EXPECT_EQ(small.ask(get("/instant"))->body, "hello");
  ASSERT_TRUE(holders[0]->send("\r\n\r\n"));
  EXPECT_EQ(holders[0]->receive()->body, "hello");
  EXPECT_EQ(kept.ask(head + "\r\n\r\n")->status, 200) << "with the room of the one that was answered";
  holders.clear();
  EXPECT_TRUE(comes_to(house, 0));
}

TEST(BodyMemory, is_not_taken_by_announcing_a_body) {
  House house{with_memory(1)};
  Clients silent;
  for (int i = 0; i < 40; ++i) {
    silent.push_back(std::make_unique<RawClient>(house.port()));
    ASSERT_TRUE(silent.back()->send(announced("/echo", 100'000)));
  }
  const std::string body(100'000, 'b');
  RawClient client{house.port()};
  EXPECT_EQ(client.ask(post("/echo", body))->body, body);
  EXPECT_TRUE(comes_to(house, 0));
}

TEST(BodyMemory, bodies_beyond_it_are_refused_and_leave_room_again) {
  constexpr std::size_t size = 100'000;
  constexpr std::size_t room_for = 9;  // of them in 1 MiB, without the eighth that responses have
  House house{with_memory(1)};
  const std::string body(size, 'b');
  const std::string rest(1'000, 'b');
  Clients senders;
  for (std::size_t i = 0; i < room_for; ++i) {
    const std::string source = "127.0.0." + std::to_string(i + 1);
    senders.push_back(std::make_unique<RawClient>(house.port(), source.c_str()));
    ASSERT_TRUE(senders.back()->send(announced("/echo", size) + body.substr(rest.size())));
  }
  ASSERT_TRUE(comes_to(house, room_for * size));
  for (int i = 0; i < 20; ++i) {
    RawClient refused{house.port()};
    expect_busy(refused, announced("/echo", size) + body, "close");
  }
  RawClient small{house.port()};
  EXPECT_EQ(small.ask(post("/echo", "small"))->body, "small");

  ASSERT_TRUE(senders[0]->send(rest));
  EXPECT_EQ(senders[0]->receive()->body, body);
  RawClient next{house.port()};
  EXPECT_EQ(next.ask(post("/echo", body))->body, body) << "an answered body leaves its room to another";
  senders.back().reset();
  for (std::size_t i = 1; i + 1 < senders.size(); ++i) {
    ASSERT_TRUE(senders[i]->send(rest));
    EXPECT_EQ(senders[i]->receive()->body, body) << "those who were let in are served";
  }
}

TEST(BodyMemory, one_client_that_stalls_leaves_room_for_others) {
  constexpr std::size_t size = 100'000;
  House house{with_memory(2)};
  const std::string body(size, 'b');
  Clients stalled;
  for (int i = 0; i < 40; ++i) {
    stalled.push_back(std::make_unique<RawClient>(house.port()));
    (void)stalled.back()->send(announced("/echo", size) + body.substr(1));
  }
  for (const char* source : {"127.0.0.2", "127.0.0.3", "127.0.0.4"}) {
    RawClient other{house.port(), source};
    for (int i = 0; i < 3; ++i) EXPECT_EQ(other.ask(post("/echo", body))->body, body) << source;
  }
}

TEST(BodyMemory, a_large_body_of_nobody_is_refused_unread_where_one_must_be_signed_in) {
  House house;
  RawClient large{house.port()};
  EXPECT_EQ(large.ask(announced("/private", 100'000))->status, 401);
  EXPECT_TRUE(large.is_closed_by_peer());
  RawClient small{house.port()};
  const auto answer = small.ask(post("/private", "{}"));
  EXPECT_EQ(answer->status, 401);
  EXPECT_EQ(answer->field("Connection"), "") << "what is read may be followed by another request";
}

TEST(BodyMemory, a_large_body_with_a_cookie_that_nobody_knows_is_refused_unread_too) {
  House house;
  RawClient client{house.port()};
  const auto answer = client.ask(announced("/private", 100'000, "Cookie: unknown=1\r\n"));
  ASSERT_TRUE(answer) << "the answer must not wait for the body";
  EXPECT_EQ(answer->status, 401);
  EXPECT_TRUE(client.is_closed_by_peer());
}

}  // namespace
}  // namespace cardea::wire_tests
