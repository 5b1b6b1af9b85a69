// What a slow, greedy or numerous client may not do to others.

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <vector>

#include "tests/support/raw_client.hpp"
#include "tests/wire/house.hpp"

namespace cardea::wire_tests {
namespace {

using namespace std::chrono_literals;
using testing_support::RawClient;

edge::Settings impatient() {
  edge::Settings settings = House::small();
  settings.header_timeout = 200ms;
  settings.body_timeout = 200ms;
  settings.idle_timeout = 200ms;
  settings.write_timeout = 200ms;
  return settings;
}

TEST(Slow, a_silent_client_is_cut) {
  House house{impatient()};
  RawClient client{house.port()};
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST(Slow, half_a_head_is_cut_with_408) {
  House house{impatient()};
  RawClient client{house.port()};
  EXPECT_EQ(client.ask("GET /instant HTTP/1.1\r\nHost:")->status, 408);
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST(Slow, a_head_that_drips_is_cut_all_the_same) {
  House house{impatient()};
  RawClient client{house.port()};
  ASSERT_TRUE(client.send("GET /instant HTTP/1.1\r\nX: "));
  // Every byte comes within the limit; together they would never end.
  int bytes = 0;
  while (bytes < 4'000 && !client.has_input_within(5ms)) {
    ASSERT_TRUE(client.send("y"));
    ++bytes;
  }
  ASSERT_LT(bytes, 4'000) << "each byte bought new time";
  EXPECT_EQ(client.receive()->status, 408);
}

TEST(Slow, half_a_body_is_cut_with_408) {
  House house{impatient()};
  RawClient client{house.port()};
  const std::string request = post("/echo", std::string(100, 'a'));
  EXPECT_EQ(client.ask(request.substr(0, request.size() - 50))->status, 408);
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST(Slow, an_idle_connection_is_closed) {
  House house{impatient()};
  RawClient client{house.port()};
  EXPECT_EQ(client.ask(get("/instant"))->status, 200);
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST(Slow, a_handler_has_no_deadline) {
  House house{impatient()};
  RawClient held{house.port()};
  ASSERT_TRUE(held.send(get("/held")));
  house.gate.wait_for(1);
  RawClient other{house.port()};
  EXPECT_TRUE(other.is_closed_by_peer()) << "the limit passes for an idle client";
  house.gate.open();
  EXPECT_EQ(held.receive()->body, "held");
}

TEST(Slow, five_hundred_of_them_do_not_stop_one_who_is_not) {
  edge::Settings settings = House::small();
  settings.header_timeout = 20s;
  House house{settings};
  std::vector<std::unique_ptr<RawClient>> slow;
  for (int i = 0; i < 500; ++i) {
    slow.push_back(std::make_unique<RawClient>(house.port()));
    ASSERT_TRUE(slow.back()->send("GET /instant HTTP/1.1\r\nHost: a\r\nX-Slow: "));
  }
  RawClient client{house.port()};
  EXPECT_EQ(client.ask(get("/instant"))->status, 200);
  for (const auto& one : slow) ASSERT_TRUE(one->send("yes\r\n\r\n"));
  for (const auto& one : slow) ASSERT_EQ(one->receive()->status, 200) << "and they are served in the end";
}

TEST(Limits, connections_beyond_the_most_are_closed_at_once) {
  edge::Settings settings = House::small();
  settings.max_connections = 2;
  settings.max_connections_per_address = 2;
  House house{settings};
  RawClient first{house.port()};
  ASSERT_TRUE(first.send(get("/held")));
  house.gate.wait_for(1);
  RawClient second{house.port()};  // not before: a first that still waits would make room for it
  ASSERT_TRUE(second.send(get("/held")));
  house.gate.wait_for(2);
  RawClient third{house.port()};
  EXPECT_TRUE(third.is_closed_by_peer());
  EXPECT_NE(house.metrics.prometheus_text().find("cardea_connections_turned_away_total{reason=\"all\"} 1"),
            std::string::npos);
  house.gate.open();
  EXPECT_EQ(first.receive()->status, 200);
  EXPECT_EQ(second.receive()->status, 200);
}

/// Fills a server for 64 from four addresses and says how many of their connections are closed by `newcomers`.
template <class Fill>
void expect_room_for_newcomers(const Fill& fill) {
  edge::Settings settings = House::small();
  settings.max_connections = 64;
  settings.max_connections_per_address = 16;
  House house{settings};
  std::vector<std::unique_ptr<RawClient>> idle;
  RawClient rare{house.port(), "127.0.0.9"};
  EXPECT_EQ(rare.ask(get("/instant"))->status, 200);
  for (const char* source : {"127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"}) {
    for (int i = 0; i < 16; ++i) {
      idle.push_back(std::make_unique<RawClient>(house.port(), source));
      fill(*idle.back());
    }
  }
  for (int i = 0; i < 30; ++i) {
    const std::string source = "127.0.1." + std::to_string(i);
    RawClient newcomer{house.port(), source.c_str()};
    const auto answer = newcomer.ask(get("/instant"));
    ASSERT_TRUE(answer) << source;
    EXPECT_EQ(answer->status, 200) << source;
  }
  EXPECT_EQ(rare.ask(get("/instant"))->status, 200) << "who has one, idle for longest, is not the one to go";
}

TEST(Limits, idle_connections_of_those_who_have_most_make_room_for_newcomers) {
  expect_room_for_newcomers([](RawClient& client) { EXPECT_EQ(client.ask(get("/instant"))->status, 200); });
}

TEST(Limits, heads_that_do_not_arrive_make_room_for_newcomers) {
  expect_room_for_newcomers([](RawClient& client) { EXPECT_TRUE(client.send("GET /instant HTTP/1.1\r\nHost")); });
}

TEST(Limits, one_address_cannot_take_the_connections_of_others) {
  edge::Settings settings = House::small();
  settings.max_connections = 10;
  settings.max_connections_per_address = 2;
  settings.trusted_proxies = {"127.0.0.3/32"};
  House house{settings};
  std::optional<RawClient> first{house.port()};
  RawClient second{house.port()};
  EXPECT_EQ(first->ask(get("/instant"))->status, 200);
  EXPECT_EQ(second.ask(get("/instant"))->status, 200);
  RawClient third{house.port()};
  EXPECT_TRUE(third.is_closed_by_peer());
  EXPECT_NE(house.metrics.prometheus_text().find("cardea_connections_turned_away_total{reason=\"network\"} 1"),
            std::string::npos);

  RawClient other{house.port(), "127.0.0.2"};
  EXPECT_EQ(other.ask(get("/instant"))->status, 200);
  std::vector<std::unique_ptr<RawClient>> of_the_proxy;
  for (int i = 0; i < 5; ++i) {
    of_the_proxy.push_back(std::make_unique<RawClient>(house.port(), "127.0.0.3"));
    EXPECT_EQ(of_the_proxy.back()->ask(get("/instant"))->status, 200) << "a proxy speaks for many";
  }

  EXPECT_EQ(first->ask(get("/instant", "Connection: close\r\n"))->status, 200);
  EXPECT_TRUE(first->is_closed_by_peer());
  first.reset();
  int tries = 0;  // the server has said goodbye, but may not have heard ours yet
  for (bool is_in = false; !is_in && tries < 1'000; ++tries) {
    RawClient next{house.port()};
    is_in = next.send(get("/instant")) && next.receive().has_value();
  }
  EXPECT_LT(tries, 1'000) << "who leaves makes room";
}

TEST(Limits, an_address_may_have_an_eighth_of_the_connections_by_itself) {
  edge::Settings settings = House::small();
  settings.max_connections = 16;
  House house{settings};
  RawClient first{house.port()};
  RawClient second{house.port()};
  EXPECT_EQ(first.ask(get("/instant"))->status, 200);
  EXPECT_EQ(second.ask(get("/instant"))->status, 200);
  RawClient third{house.port()};
  EXPECT_FALSE(third.send(get("/instant")) && third.receive());
}

TEST(Limits, a_full_heavy_lane_says_503_and_instant_answers_on) {
  House house;
  RawClient working{house.port()};
  RawClient hashing{house.port()};  // a second thread: for one that waits for its turn to hash
  ASSERT_TRUE(working.send(get("/held")));
  house.gate.wait_for(1);
  ASSERT_TRUE(hashing.send(get("/held")));
  house.gate.wait_for(2);
  RawClient waiting{house.port()};
  ASSERT_TRUE(waiting.send(get("/held")));
  RawClient instant{house.port()};
  ASSERT_EQ(instant.ask(get("/instant"))->status, 200) << "one I/O thread: `waiting` was read before";

  RawClient refused{house.port()};
  const auto answer = refused.ask(get("/held"));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 503);
  EXPECT_EQ(answer->field("Retry-After"), "1");
  EXPECT_EQ(answer->field("Connection"), "") << "the client may try again on the same connection";
  const std::string metrics = house.metrics.prometheus_text();
  EXPECT_NE(metrics.find("cardea_lane_depth{lane=\"heavy\"} 1"), std::string::npos);
  EXPECT_NE(metrics.find("cardea_lane_running{lane=\"heavy\"} 2"), std::string::npos);

  EXPECT_EQ(refused.ask(get("/instant"))->status, 200);
  house.gate.open();
  EXPECT_EQ(working.receive()->body, "held");
  EXPECT_EQ(hashing.receive()->body, "held");
  EXPECT_EQ(waiting.receive()->body, "held");
  EXPECT_EQ(refused.ask(get("/held"))->body, "held");
}

}  // namespace
}  // namespace cardea::wire_tests
