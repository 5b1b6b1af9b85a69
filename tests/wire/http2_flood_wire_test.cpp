// Floods of HTTP/2 (RFC 9113 §10.5): frames that cost a client nothing and a server much.

#include <gtest/gtest.h>

#include "tests/wire/http2_house.hpp"

namespace cardea::wire_tests {
namespace {

namespace h2 = testing_support::http2;
using h2::frame, h2::repeated, h2::setting;

const std::string ping = frame(h2::ping, 0, 0, "12345678");

/// Sends as much of the flood as is taken, and expects to be told to calm down, in the connection's last words.
void expect_calm(Http2Client& client, const std::string& flood) {
  (void)client.send(flood);
  const auto told = client.go_away();
  ASSERT_TRUE(told);
  EXPECT_EQ(told->code, h2::enhance_your_calm);
  EXPECT_TRUE(client.ends());
}

TEST(Http2Flood, rapid_reset_ends_the_connection) {
  Http2House house;
  Http2Client client = house.client();
  std::string flood;
  for (std::uint32_t id = 1; id < 1000; id += 2) flood += h2::get(id, "/export-heavy?size=100000") + h2::reset(id);
  expect_calm(client, flood);
  EXPECT_LE(house->exports.made(), 100);
  EXPECT_TRUE(house->lines.mention("edge.http2_ended"));
  EXPECT_NE(house->metrics.prometheus_text().find("cardea_http2_connections_ended_total 1"), std::string::npos);
  EXPECT_EQ(house.client().ask(1, h2::get(1))->status, 200) << "others are served";
}

TEST(Http2Flood, cancelled_work_counts_until_it_is_done) {
  edge::Settings settings = House::small();
  settings.heavy_queue = 1000;
  Http2House house{settings};
  Http2Client client = house.client();
  std::string all;
  std::string resets;
  for (std::uint32_t i = 0; i < 100; ++i) all += h2::get(2 * i + 1, "/held");
  for (std::uint32_t i = 0; i < 20; ++i) resets += h2::reset(2 * i + 1);
  ASSERT_TRUE(client.send(all + ping));
  while (const auto next = client.next()) {
    if (next->type == h2::ping) break;
  }
  const auto refused = client.ask(501, resets + h2::get(501, "/held"));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->reset, h2::refused_stream) << "which a client may try again";
  house->gate.open();
  EXPECT_EQ(client.answer(199)->body, "held");
  EXPECT_EQ(client.ask(503, h2::get(503))->status, 200);
}

TEST(Http2Flood, what_was_cancelled_at_once_is_never_begun) {
  Http2House house;
  Http2Client client = house.client();
  ASSERT_TRUE(client.send(h2::get(1, "/export?size=1000") + h2::reset(1) + h2::get(3)));
  EXPECT_EQ(client.answer(3)->status, 200);
  EXPECT_EQ(house->exports.made(), 0);
}

TEST(Http2Flood, continuations_without_end) {
  Http2House house;
  Http2Client client = house.client();
  const std::string begun = frame(h2::headers, 0, 1, h2::block(h2::head_of("GET", "/instant")));
  expect_calm(client, begun + repeated(frame(h2::continuation, 0, 1, h2::block({{"x", "y"}})), 10'000));
}

TEST(Http2Flood, a_bomb_of_field_compression) {
  Http2House house;
  const std::string value(3900, 'x');
  const std::string entry = std::string{"\x40"} + h2::length(1) + "x" + h2::length(value.size()) + value;
  const std::string head = h2::block(h2::head_of("GET", "/instant"));
  Http2Client client = house.client();
  expect_calm(client, frame(h2::headers, h2::complete, 1, head + entry + std::string(12'000, '\xbe')));
  Http2Client small = house.client();
  const auto refused = small.ask(1, frame(h2::headers, h2::complete, 1, head + entry + std::string(5, '\xbe')));
  EXPECT_EQ(refused->status, 431) << "a head that is a little too large is answered";
  EXPECT_EQ(small.ask(3, h2::get(3))->status, 200) << "and the table is as both think it is";
}

TEST(Http2Flood, settings) {
  Http2House house;
  Http2Client client = house.client();
  expect_calm(client, repeated(frame(h2::settings, 0, 0, setting(4, 1000)), 10'000));
}

TEST(Http2Flood, pings_whose_answers_nobody_reads) {
  Http2House house;
  Http2Client client = house.client();
  expect_calm(client, repeated(ping, 10'000));
}

TEST(Http2Flood, empty_data_priorities_and_window_updates) {
  Http2House house;
  for (const std::string& kind : {frame(h2::data, 0, 1), frame(h2::priority, 0, 3, "12345"), h2::window(1, 1)}) {
    Http2Client client = house.client();
    expect_calm(client, h2::post_head(1, "/echo") + repeated(kind, 5'000));
  }
}

TEST(Http2Flood, resets_that_the_server_is_made_to_send) {
  Http2House house;
  Http2Client client = house.client();
  std::string flood;
  for (std::uint32_t id = 1; id < 1000; id += 2) flood += h2::post_head(id, "/echo") + h2::window(id, 0x7fffffff);
  expect_calm(client, flood);
}

TEST(Http2Flood, what_is_usual_is_none) {
  Http2House house;
  Http2Client client = house.client();
  for (std::uint32_t id = 1; id < 2000; id += 2) {
    const auto answer = client.ask(id, h2::get(id) + frame(16, 0, 0, h2::number(id, 4) + "u=1") + h2::window(0, 5));
    ASSERT_TRUE(answer && answer->status == 200) << id;
  }
}

TEST(Http2Flood, what_is_no_http_2_is_told_so) {
  Http2House house;
  TlsClient client{house->port(), house.terms("h2")};
  ASSERT_TRUE(client.send(get("/instant")));
  EXPECT_FALSE(client.receive()) << "GOAWAY is no response";
}

}  // namespace
}  // namespace cardea::wire_tests
