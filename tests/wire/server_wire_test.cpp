// Starting, stopping and listening.

#include <gtest/gtest.h>

#include <optional>
#include <system_error>
#include <thread>

#include "tests/support/raw_client.hpp"
#include "tests/wire/house.hpp"

namespace cardea::wire_tests {
namespace {

using namespace std::chrono_literals;
using testing_support::RawClient;

TEST(Stop, lets_a_request_in_flight_finish_and_closes_the_idle) {
  House house;
  std::optional<RawClient> busy{house.port()};
  RawClient idle{house.port()};
  ASSERT_EQ(idle.ask(get("/instant"))->status, 200);
  ASSERT_TRUE(busy->send(get("/held")));
  house.gate.wait_for(1);
  std::thread stopping{[&house] { house.server->stop(20s); }};
  EXPECT_TRUE(idle.is_closed_by_peer());
  EXPECT_THROW(RawClient{house.port()}, std::system_error) << "nobody listens any more";
  house.gate.open();
  const auto answer = busy->receive();
  EXPECT_TRUE(busy->is_closed_by_peer());
  busy.reset();  // or the server would wait 2 s for this side's goodbye
  stopping.join();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "held");
  EXPECT_EQ(answer->field("Connection"), "close");
  EXPECT_FALSE(house.lines.mention("edge.drain_incomplete"));
}

TEST(Stop, a_deadline_ends_what_does_not_end_by_itself) {
  House house;
  RawClient slow{house.port()};
  RawClient other{house.port()};
  ASSERT_TRUE(slow.send("GET /instant HTTP/1.1\r\n"));
  ASSERT_EQ(other.ask(get("/instant"))->status, 200) << "one I/O thread: `slow` was read before";
  house.server->stop(10ms);
  EXPECT_TRUE(slow.is_closed_by_peer());
  EXPECT_TRUE(house.lines.mention("edge.drain_incomplete"));
}

TEST(Stop, may_be_called_twice) {
  House house;
  house.server->stop(1s);
  house.server->stop(1s);
}

TEST(Latency, counts_from_the_first_byte_of_the_head) {
  House house;
  RawClient slow{house.port()};
  ASSERT_TRUE(slow.send("GET /instant HTTP/1.1\r\n"));
  EXPECT_FALSE(slow.has_input_within(120ms));
  ASSERT_EQ(slow.ask("Host: a\r\n\r\n")->status, 200);
  // While one request is held and the next waits behind it, on the one heavy thread.
  RawClient held{house.port()};
  RawClient queued{house.port()};
  ASSERT_TRUE(held.send(get("/held")));
  house.gate.wait_for(1);
  ASSERT_TRUE(queued.send(get("/held")));
  EXPECT_FALSE(queued.has_input_within(120ms));
  house.gate.open();
  ASSERT_EQ(held.receive()->status, 200);
  ASSERT_EQ(queued.receive()->status, 200);
  const auto sum = [page = house.metrics.prometheus_text()](const std::string& route) {
    const std::string name = "cardea_http_request_seconds_sum{route=\"" + route + "\",method=\"GET\"} ";
    const auto at = page.find(name);
    return at == std::string::npos ? -1.0 : std::stod(page.substr(at + name.size()));
  };
  // Half of it: a busy machine is late to see the first byte.
  EXPECT_GE(sum("/instant"), 0.06);
  EXPECT_GE(sum("/held"), 0.12) << "both waited";
}

TEST(Latency, of_a_pipelined_request_counts_from_its_own_first_byte) {
  House house;
  RawClient client{house.port()};
  ASSERT_EQ(client.ask(get("/instant"))->status, 200);
  EXPECT_FALSE(client.has_input_within(120ms)) << "between two requests, nobody waits";
  ASSERT_TRUE(client.send(get("/instant") + get("/instant")));
  ASSERT_EQ(client.receive()->status, 200);
  ASSERT_EQ(client.receive()->status, 200);
  const std::string page = house.metrics.prometheus_text();
  const std::string name = "cardea_http_request_seconds_sum{route=\"/instant\",method=\"GET\"} ";
  EXPECT_LT(std::stod(page.substr(page.find(name) + name.size())), 0.12);
}

TEST(Listen, several_threads_share_the_port) {
  edge::Settings settings = House::small();
  settings.io_threads = 3;
  House house{settings};
  for (int i = 0; i < 30; ++i) EXPECT_EQ(RawClient{house.port()}.ask(get("/instant"))->status, 200);
}

TEST(Listen, a_port_in_use_is_refused_even_by_the_same_program) {
  House first;
  edge::Settings settings = House::small();
  settings.listen = "127.0.0.1:" + std::to_string(first.port());
  EXPECT_THROW(House{settings}, std::runtime_error);
}

TEST(Listen, in_development_the_next_free_port_is_taken) {
  House first;
  edge::Settings settings = House::small();
  settings.listen = "127.0.0.1:" + std::to_string(first.port());
  settings.next_free_port = true;
  House second{settings};
  EXPECT_NE(second.port(), first.port());
  EXPECT_EQ(second.server->url(), "http://127.0.0.1:" + std::to_string(second.port()));
  EXPECT_EQ(RawClient{second.port()}.ask(get("/instant"))->status, 200);
}

TEST(Listen, nonsense_is_an_error_that_names_it) {
  edge::Settings settings = House::small();
  settings.listen = "example.org";
  try {
    const House house{settings};
    FAIL() << "started";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string{error.what()}.find("example.org"), std::string::npos);
  }
}

TEST(Servers, a_second_one_names_its_metrics) {
  House house;
  edge::Settings settings = House::small();
  settings.name = "metrics";
  House other{settings};
  EXPECT_NE(other.metrics.prometheus_text().find("cardea_connections{server=\"metrics\"} 0"), std::string::npos);
  EXPECT_EQ(RawClient{house.port()}.ask(get("/instant"))->status, 200);
  EXPECT_EQ(RawClient{other.port()}.ask(get("/instant"))->status, 200);
}

}  // namespace
}  // namespace cardea::wire_tests
