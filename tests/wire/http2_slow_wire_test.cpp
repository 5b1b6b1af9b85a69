// What a slow or greedy client of HTTP/2 may not do to others.

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

#include "tests/support/within.hpp"
#include "tests/wire/http2_house.hpp"

namespace cardea::wire_tests {
namespace {

using namespace std::chrono_literals;
namespace h2 = testing_support::http2;
using h2::frame, h2::setting;

edge::Settings impatient() {
  edge::Settings settings = House::small();
  settings.header_timeout = 300ms;
  settings.body_timeout = 300ms;
  settings.idle_timeout = 300ms;
  settings.write_timeout = 300ms;
  return settings;
}

const std::string no_window = setting(4, 0);
const std::string ping = frame(h2::ping, 0, 0, "12345678");

TEST(Http2Slow, who_says_nothing_or_nothing_more_is_cut) {
  Http2House house{impatient()};
  TlsClient silent{house->port(), house.terms("h2")};
  EXPECT_FALSE(silent.receive());
  Http2Client idle = house.client();
  EXPECT_EQ(idle.ask(1, h2::get(1))->status, 200);
  const auto told = idle.go_away();
  ASSERT_TRUE(told);
  EXPECT_EQ(told->code, h2::no_error);
  EXPECT_EQ(told->last, 1);
  EXPECT_TRUE(idle.ends());
}

TEST(Http2Slow, pings_are_no_requests) {
  Http2House house{impatient()};
  Http2Client client = house.client();
  int pings = 0;
  while (pings < 2'000 && client.send(ping) && client.next()) {
    ++pings;
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_LT(pings, 200) << "each bought new time";
}

TEST(Http2Slow, a_head_that_drips_is_cut) {
  Http2House house{impatient()};
  Http2Client client = house.client();
  ASSERT_TRUE(client.send(frame(h2::headers, 0, 1, h2::block(h2::head_of("GET", "/instant")))));
  EXPECT_TRUE(client.ends());
  Http2Client within = house.client();
  ASSERT_TRUE(within.send(h2::get(1).substr(0, 20)));
  EXPECT_TRUE(within.ends());
}

TEST(Http2Slow, half_a_body_is_408_and_the_others_go_on) {
  edge::Settings settings = impatient();
  settings.idle_timeout = 20s;
  Http2House house{settings};
  Http2Client client = house.client();
  ASSERT_TRUE(client.send(h2::post_head(1, "/echo", {{"content-length", "10"}}) + frame(h2::data, 0, 1, "half")));
  EXPECT_EQ(client.ask(3, h2::get(3))->status, 200);
  EXPECT_EQ(client.answer(1)->status, 408);
  EXPECT_EQ(client.ask(5, h2::get(5))->status, 200);
}

TEST(Http2Slow, a_handler_has_no_deadline) {
  Http2House house{impatient()};
  Http2Client held = house.client();
  ASSERT_TRUE(held.send(h2::get(1, "/held")));
  house->gate.wait_for(1);
  Http2Client other = house.client();
  EXPECT_TRUE(other.ends()) << "the limit passes for an idle client";
  house->gate.open();
  EXPECT_EQ(held.answer(1)->body, "held");
}

TEST(Http2Slow, a_stream_whose_window_stays_closed_is_reset) {
  edge::Settings settings = impatient();
  settings.idle_timeout = 20s;
  Http2House house{settings};
  Http2Client client = house.client(no_window);
  ASSERT_TRUE(client.send(h2::get(1) + h2::get(3, "/export?size=900000") + h2::get(5, "/large")));
  EXPECT_EQ(client.answer(1)->reset, h2::cancel);
  EXPECT_EQ(client.answer(3)->reset, h2::cancel);
  EXPECT_EQ(client.answer(5)->reset, h2::cancel);
  EXPECT_TRUE(house->exports.are_gone());
  EXPECT_EQ(client.ask(7, h2::get(7, "/none") + h2::window(7, 10'000))->status, 404) << "the connection goes on";
  EXPECT_EQ(house.measured("cardea_body_memory_bytes"), 0);
}

TEST(Http2Slow, who_opens_the_window_byte_by_byte_is_reset_too) {
  edge::Settings settings = impatient();
  settings.idle_timeout = 20s;
  Http2House house{settings};
  Http2Client client = house.client(no_window);
  client.give_window(false);
  ASSERT_TRUE(client.send(h2::get(1, "/large")));
  std::optional<h2::Frame> next;
  do {
    ASSERT_TRUE(client.send(h2::window(1, 1)));
    next = client.next();
  } while (next && next->type != h2::rst_stream && next->type != h2::goaway);
  EXPECT_TRUE(next);
}

TEST(Http2Slow, who_reads_nothing_at_all_is_cut) {
  edge::Settings settings = impatient();
  settings.idle_timeout = 20s;
  Http2House house{settings};
  const std::string wide = setting(4, 0x7fffffff);
  Http2Client client = house.client(wide);
  ASSERT_TRUE(client.send(h2::window(0, 0x7000'0000) + h2::get(1, "/large") + h2::get(3, "/export?size=90000000")));
  EXPECT_TRUE(testing_support::within(10s, [&] { return house.measured("cardea_connections") == 0; }));
  EXPECT_TRUE(house->exports.are_gone());
  EXPECT_EQ(house.measured("cardea_body_memory_bytes"), 0);
}

TEST(Http2Greedy, small_bodies_are_paid_for_where_there_are_many) {
  edge::Settings settings = House::small();
  settings.body_memory_mib = 2;
  Http2House house{settings};
  Http2Client client = house.client();
  std::string all;
  const std::string body(900, 'x');
  for (std::uint32_t i = 0; i < 60; ++i) all += h2::post_head(2 * i + 1, "/echo") + frame(h2::data, 0, 2 * i + 1, body);
  ASSERT_TRUE(client.send(all));
  EXPECT_EQ(client.ask(501, h2::get(501))->status, 200);
  EXPECT_EQ(house.measured("cardea_body_memory_bytes"), 56 * 8'192.0) << "the first four are free";
  std::string rest;
  for (std::uint32_t i = 0; i < 60; ++i) rest += frame(h2::data, h2::end_stream, 2 * i + 1, "y");
  ASSERT_TRUE(client.send(rest));
  for (std::uint32_t i = 0; i < 60; ++i) EXPECT_EQ(client.answer(2 * i + 1)->body, body + "y");
  EXPECT_EQ(house.measured("cardea_body_memory_bytes"), 0);
}

TEST(Http2Greedy, unanswered_responses_are_paid_for_where_there_are_many) {
  edge::Settings settings = House::small();
  Http2House house{settings};
  Http2Client client = house.client(no_window);
  std::string all;
  for (std::uint32_t i = 0; i < 60; ++i) all += h2::get(2 * i + 1);
  ASSERT_TRUE(client.send(all + ping));
  while (const auto next = client.next()) {
    if (next->type == h2::ping) break;
  }
  EXPECT_EQ(house.measured("cardea_body_memory_bytes"), 56 * 5.0);
}

TEST(Http2Greedy, idle_connections_make_room_for_newcomers) {
  edge::Settings settings = House::small();
  settings.max_connections = 16;
  settings.max_connections_per_address = 16;
  Http2House house{settings};
  std::vector<std::unique_ptr<Http2Client>> idle;
  for (int i = 0; i < 15; ++i) {
    idle.push_back(std::make_unique<Http2Client>(house->port(), house.trusted()));
    ASSERT_EQ(idle.back()->ask(1, h2::get(1))->status, 200);
  }
  Http2Client held = house.client();
  ASSERT_TRUE(held.send(h2::get(1, "/held")));
  house->gate.wait_for(1);
  for (int i = 0; i < 3; ++i) {
    const auto served = testing_support::within(5s, [&] {
      Http2Client newcomer = house.client();
      const auto answer = newcomer.is_connected() ? newcomer.ask(1, h2::get(1)) : std::nullopt;
      return answer && answer->status == 200;
    });
    EXPECT_TRUE(served);
  }
  house->gate.open();
  EXPECT_EQ(held.answer(1)->body, "held") << "whoever waits for an answer is not idle";
}

TEST(Http2Greedy, a_full_lane_refuses_streams_as_it_refuses_connections) {
  Http2House house;
  Http2Client client = house.client();
  std::string all;
  for (std::uint32_t i = 0; i < 10; ++i) all += h2::get(2 * i + 1, "/held");
  ASSERT_TRUE(client.send(all));
  ASSERT_TRUE(client.ask(501, h2::get(501))) << "all of them are where they belong";
  house->gate.open();
  int refused = 0;
  for (std::uint32_t i = 0; i < 10; ++i) {
    const auto answer = client.answer(2 * i + 1);
    ASSERT_TRUE(answer);
    refused += answer->status == 503 && answer->fields.contains("retry-after") ? 1 : 0;
  }
  EXPECT_GE(refused, 7) << "two have a thread and one waits";
}

}  // namespace
}  // namespace cardea::wire_tests
