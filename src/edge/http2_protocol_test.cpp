// What a client must not say, each as a table of RFC 9113's and RFC 7541's rules, and what it is told.

#include "edge/http2_protocol.hpp"

#include <gtest/gtest.h>

#include "tests/support/http2_frames.hpp"

namespace cardea::edge {
namespace {

using namespace std::chrono_literals;
namespace h2 = testing_support::http2;
using h2::Fields, h2::frame, h2::get, h2::head_of, h2::number, h2::repeated, h2::setting;
using h2::operator+;

const Http2Watch::Instant now = Http2Watch::Instant{} + 1h;

/// A connection whose other side is made by hand.
struct Peer {
  Http2Protocol protocol{now};
  std::vector<Http2Protocol::Running> streams = {};
  bool goes_on = true;

  /// What is answered.
  std::vector<h2::Frame> say(const std::string& bytes) {
    goes_on = protocol.receive(bytes, now);
    for (auto& stream : protocol.take_started()) streams.push_back(std::move(stream));
    return hear();
  }
  std::vector<h2::Frame> hear() {
    std::string said;
    for (;;) {
      const std::string_view next = protocol.next_frame();
      if (next.empty()) break;
      said += next;
    }
    std::vector<h2::Frame> frames;
    while (const auto one = h2::take_frame(said)) frames.push_back(*one);
    EXPECT_TRUE(said.empty());
    return frames;
  }
};

std::string opened(const std::string& frames) { return std::string{h2::preface} + frame(h2::settings, 0, 0) + frames; }

/// The code of the first frame of that type; -1 when there is none.
int code_of(const std::vector<h2::Frame>& frames, h2::Type type) {
  for (const auto& one : frames) {
    if (one.type == type) return static_cast<int>(h2::number_at(one.payload, type == h2::goaway ? 4 : 0));
  }
  return -1;
}

struct Case {
  const char* name;
  std::string said;
  h2::Code code;
};

std::string head(const Fields& fields, std::uint8_t flags = h2::complete) {
  return frame(h2::headers, flags, 1, h2::block(fields));
}

Fields without(Fields fields, std::string_view name) {
  std::erase_if(fields, [name](const auto& field) { return field.first == name; });
  return fields;
}

const Fields usual = head_of("GET", "/instant");
const Fields post = head_of("POST", "/echo");

class BreaksTheConnection : public testing::TestWithParam<Case> {};
class BreaksItsStream : public testing::TestWithParam<Case> {};

TEST_P(BreaksTheConnection, and_is_told_how) {
  Peer peer;
  const auto heard = peer.say(GetParam().said);
  EXPECT_EQ(code_of(heard, h2::goaway), GetParam().code);
  EXPECT_FALSE(peer.protocol.receive(get(99), now)) << "it is over";
  EXPECT_TRUE(peer.protocol.is_done());
}

const std::string open_post = h2::post_head(1, "/echo");

INSTANTIATE_TEST_SUITE_P(
    Http2, BreaksTheConnection,
    testing::Values(
        Case{"no_preface", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", h2::protocol_error},
        Case{"no_settings", std::string{h2::preface} + frame(h2::ping, 0, 0, "12345678"), h2::protocol_error},
        Case{"headers_on_stream_0", opened(get(0)), h2::protocol_error},
        Case{"headers_on_an_even_stream", opened(get(2)), h2::protocol_error},
        Case{"data_behind_the_end", opened(get(1) + frame(h2::data, 0, 1, "x")), h2::stream_closed},
        Case{"headers_behind_the_end", opened(get(1) + frame(h2::headers, h2::complete, 1, h2::block({{"x", "y"}}))),
             h2::stream_closed},
        Case{"data_on_stream_0", opened(frame(h2::data, 0, 0, "x")), h2::protocol_error},
        Case{"data_on_an_idle_stream", opened(frame(h2::data, 0, 1, "x")), h2::protocol_error},
        Case{"more_padding_than_frame", opened(open_post + frame(h2::data, h2::padded, 1, "\x09xyz")),
             h2::protocol_error},
        Case{"settings_on_a_stream", opened(frame(h2::settings, 0, 1)), h2::protocol_error},
        Case{"settings_of_a_wrong_size", opened(frame(h2::settings, 0, 0, "12345")), h2::frame_size_error},
        Case{"an_ack_with_settings", opened(frame(h2::settings, h2::ack, 0, setting(3, 1))), h2::frame_size_error},
        Case{"push_that_is_neither_on_nor_off", opened(frame(h2::settings, 0, 0, setting(2, 2))), h2::protocol_error},
        Case{"a_window_too_large", opened(frame(h2::settings, 0, 0, setting(4, 0x80000000))), h2::flow_control_error},
        Case{"frames_too_small", opened(frame(h2::settings, 0, 0, setting(5, 100))), h2::protocol_error},
        Case{"a_ping_of_a_wrong_size", opened(frame(h2::ping, 0, 0, "1234567")), h2::frame_size_error},
        Case{"a_ping_on_a_stream", opened(frame(h2::ping, 0, 1, "12345678")), h2::protocol_error},
        Case{"goaway_on_a_stream", opened(frame(h2::goaway, 0, 1, std::string(8, '\0'))), h2::protocol_error},
        Case{"a_window_update_of_nothing", opened(h2::window(0, 0)), h2::protocol_error},
        Case{"a_window_update_of_nothing_on_a_stream", opened(open_post + h2::window(1, 0)), h2::protocol_error},
        Case{"a_window_that_overflows", opened(h2::window(0, 0x7fffffff)), h2::flow_control_error},
        Case{"a_window_update_of_a_wrong_size", opened(frame(h2::window_update, 0, 0, "123")), h2::frame_size_error},
        Case{"reset_of_an_idle_stream", opened(h2::reset(1)), h2::protocol_error},
        Case{"reset_of_stream_0", opened(h2::reset(0)), h2::protocol_error},
        Case{"reset_of_a_wrong_size", opened(open_post + frame(h2::rst_stream, 0, 1, "123")), h2::frame_size_error},
        Case{"a_promise", opened(open_post + frame(h2::push_promise, h2::end_headers, 1, number(2, 4))),
             h2::protocol_error},
        Case{"a_continuation_of_nothing", opened(frame(h2::continuation, h2::end_headers, 1)), h2::protocol_error},
        Case{"another_frame_within_a_block", opened(head(usual, 0) + frame(h2::ping, 0, 0, "12345678")),
             h2::protocol_error},
        Case{"a_continuation_on_another_stream", opened(head(usual, 0) + frame(h2::continuation, h2::end_headers, 3)),
             h2::protocol_error},
        Case{"a_frame_too_large", opened(open_post + frame(h2::data, 0, 1, std::string(16'385, 'x'))),
             h2::frame_size_error},
        Case{"an_index_of_nothing", opened(frame(h2::headers, h2::complete, 1, "\xfe")), h2::compression_error},
        Case{"a_block_that_is_cut", opened(frame(h2::headers, h2::complete, 1, h2::block(usual).substr(0, 20))),
             h2::compression_error},
        Case{"a_table_too_large", opened(frame(h2::headers, h2::complete, 1, "\x3f\xe2\x1f" + h2::block(usual))),
             h2::compression_error},
        Case{"more_data_than_the_window",
             opened(open_post + repeated(frame(h2::data, 0, 1, std::string(16'384, 'x')), 5)), h2::flow_control_error}),
    [](const auto& tested) { return std::string{tested.param.name}; });

TEST_P(BreaksItsStream, and_no_other) {
  Peer peer;
  const auto heard = peer.say(opened(GetParam().said));
  EXPECT_EQ(code_of(heard, h2::rst_stream), GetParam().code);
  EXPECT_EQ(code_of(heard, h2::goaway), -1);
  ASSERT_TRUE(peer.goes_on);
  peer.streams.clear();
  (void)peer.say(get(3));
  EXPECT_EQ(peer.streams.size(), 1) << "the next request is one";
}

const std::string half = frame(h2::headers, h2::end_headers, 1, h2::block(post + Fields{{"content-length", "3"}}));

INSTANTIATE_TEST_SUITE_P(
    Http2, BreaksItsStream,
    testing::Values(
        Case{"a_name_in_capitals", head(usual + Fields{{"Accept", "x"}}), h2::protocol_error},
        Case{"a_name_with_a_blank", head(usual + Fields{{"a b", "x"}}), h2::protocol_error},
        Case{"a_name_with_a_colon", head(usual + Fields{{"a:b", "x"}}), h2::protocol_error},
        Case{"an_empty_name", head(usual + Fields{{"", "x"}}), h2::protocol_error},
        Case{"a_value_with_nul", head(usual + Fields{{"x", std::string{"a\0b", 3}}}), h2::protocol_error},
        Case{"a_value_with_a_line_break", head(usual + Fields{{"x", "a\r\nhost: b"}}), h2::protocol_error},
        Case{"a_value_with_a_blank_before_it", head(usual + Fields{{"x", " a"}}), h2::protocol_error},
        Case{"connection", head(usual + Fields{{"connection", "close"}}), h2::protocol_error},
        Case{"keep_alive", head(usual + Fields{{"keep-alive", "1"}}), h2::protocol_error},
        Case{"proxy_connection", head(usual + Fields{{"proxy-connection", "close"}}), h2::protocol_error},
        Case{"upgrade", head(usual + Fields{{"upgrade", "h2c"}}), h2::protocol_error},
        Case{"transfer_encoding", head(post + Fields{{"transfer-encoding", "chunked"}}), h2::protocol_error},
        Case{"te_of_something", head(usual + Fields{{"te", "gzip"}}), h2::protocol_error},
        Case{"an_unknown_pseudo_field", head(usual + Fields{{":a", "x"}}), h2::protocol_error},
        Case{"a_pseudo_field_of_responses", head(usual + Fields{{":status", "200"}}), h2::protocol_error},
        Case{"a_protocol_for_connect", head(usual + Fields{{":protocol", "websocket"}}), h2::protocol_error},
        Case{"a_pseudo_field_that_is_late", head(Fields{{"x", "y"}} + usual), h2::protocol_error},
        Case{"two_methods", head(usual + Fields{{":method", "GET"}}), h2::protocol_error},
        Case{"two_paths", head(usual + Fields{{":path", "/"}}), h2::protocol_error},
        Case{"two_authorities", head(usual + Fields{{":authority", "b"}}), h2::protocol_error},
        Case{"no_method", head(without(usual, ":method")), h2::protocol_error},
        Case{"no_scheme", head(without(usual, ":scheme")), h2::protocol_error},
        Case{"no_path", head(without(usual, ":path")), h2::protocol_error},
        Case{"an_empty_path", head(head_of("GET", "")), h2::protocol_error},
        Case{"a_whole_url_as_path", head(head_of("GET", "https://b/")), h2::protocol_error},
        Case{"no_host", head(without(usual, ":authority")), h2::protocol_error},
        Case{"a_length_and_nothing", head(post + Fields{{"content-length", "3"}}), h2::protocol_error},
        Case{"two_lengths", head(post + Fields{{"content-length", "0"}, {"content-length", "0"}}), h2::protocol_error},
        Case{"less_than_its_length", half + frame(h2::data, h2::end_stream, 1, "ab"), h2::protocol_error},
        Case{"more_than_its_length", half + frame(h2::data, 0, 1, "abcd"), h2::protocol_error},
        Case{"trailers_that_are_not_the_end",
             open_post + frame(h2::headers, h2::end_headers, 1, h2::block({{"x", "y"}})), h2::protocol_error},
        Case{"trailers_with_a_pseudo_field",
             open_post + frame(h2::headers, h2::complete, 1, h2::block({{":path", "/"}})), h2::protocol_error},
        Case{"a_window_that_overflows", open_post + h2::window(1, 0x7fffffff), h2::flow_control_error}),
    [](const auto& tested) { return std::string{tested.param.name}; });

TEST(Http2Protocol, what_is_allowed_is_taken) {
  Peer peer;
  const auto heard = peer.say(opened(
      get(1, "/", {{"te", "trailers"}}) + frame(99, 0xff, 0, "grease") + frame(h2::settings, 0, 0, setting(0x1a1a, 1)) +
      frame(h2::ping, 0, 0, "12345678") + frame(h2::priority, 0, 9, "12345") + h2::window(0, 1000) +
      frame(h2::headers, h2::end_stream, 3, h2::block(usual)) + frame(h2::continuation, h2::end_headers, 3)));
  EXPECT_EQ(code_of(heard, h2::goaway), -1);
  EXPECT_EQ(code_of(heard, h2::rst_stream), -1);
  EXPECT_EQ(peer.streams.size(), 2);
}

TEST(Http2Protocol, a_head_that_broke_off_is_forgotten_for_the_next) {
  Peer peer;
  const std::string bad = h2::block(usual + Fields{{"Accept", "x"}});
  const auto heard =
      peer.say(opened(frame(h2::headers, h2::complete, 1, bad) + get(3) + frame(h2::headers, h2::complete, 5, bad) +
                      frame(h2::headers, h2::complete, 7, bad) + get(9)));
  EXPECT_EQ(code_of(heard, h2::rst_stream), h2::protocol_error);
  EXPECT_EQ(peer.streams.size(), 2);
}

TEST(Http2Protocol, a_stream_that_goes_back_is_none) {
  Peer peer;
  (void)peer.say(opened(get(5) + get(3) + get(5)));
  EXPECT_LE(peer.streams.size(), 1);
}

TEST(Http2Protocol, a_client_is_told_the_limits_first) {
  Peer peer;
  const auto heard = peer.hear();
  ASSERT_EQ(heard.size(), 1);
  EXPECT_EQ(heard[0].type, h2::settings);
  EXPECT_EQ(heard[0].payload, setting(3, max_streams) + setting(6, max_head_size) + setting(9, 1));
}

TEST(Http2Protocol, streams_that_were_cancelled_count_until_their_work_is_done) {
  Peer peer;
  std::string said;
  for (std::uint32_t i = 0; i < max_streams; ++i) said += get(2 * i + 1) + (i < 50 ? h2::reset(2 * i + 1) : "");
  EXPECT_EQ(code_of(peer.say(opened(said)), h2::rst_stream), -1);
  EXPECT_EQ(peer.protocol.running(), max_streams);
  EXPECT_EQ(code_of(peer.say(get(301)), h2::rst_stream), h2::refused_stream);
  peer.streams.erase(peer.streams.begin());
  EXPECT_EQ(code_of(peer.say(get(303)), h2::rst_stream), -1);
  EXPECT_EQ(peer.streams.size(), max_streams);
}

TEST(Http2Protocol, heads_have_a_limit_together) {
  Peer peer;
  const Fields large{{"x", std::string(16'000, 'y')}};
  std::string said;
  for (std::uint32_t i = 0; i < 10; ++i) said += get(2 * i + 1, "/", large);
  EXPECT_EQ(code_of(peer.say(opened(said)), h2::rst_stream), h2::refused_stream);
  EXPECT_LE(peer.streams.size(), 9);
  EXPECT_GE(peer.streams.size(), 7);
}

TEST(Http2Protocol, a_goaway_names_the_last_stream_that_is_served) {
  Peer peer;
  (void)peer.say(opened(get(1) + get(3)));
  peer.protocol.go_away();
  const auto heard = peer.hear();
  ASSERT_EQ(heard.size(), 1);
  EXPECT_EQ(heard[0].payload, number(3, 4) + number(h2::no_error, 4));
  EXPECT_TRUE(peer.say(get(5)).empty()) << "the client knows that it was not";
  EXPECT_EQ(peer.streams.size(), 2);
  EXPECT_FALSE(peer.protocol.is_done());
}

TEST(Http2Protocol, floods_end_the_connection_wherever_reads_cut_them) {
  const std::string floods[]{
      repeated(frame(h2::settings, 0, 0), 200),
      repeated(frame(h2::ping, 0, 0, "12345678"), 2000),
      repeated(h2::window(0, 1), 2000),
      repeated(frame(h2::priority, 0, 1, "12345"), 2000),
      open_post + repeated(frame(h2::data, 0, 1), 2000),
      frame(h2::headers, 0, 1, "") + repeated(frame(h2::continuation, 0, 1), 100),
  };
  for (const std::string& flood : floods) {
    for (const std::size_t step : {std::size_t{1'000'000}, std::size_t{100}}) {
      Peer peer;
      std::vector<h2::Frame> heard;
      const std::string all = opened(flood);
      for (std::size_t i = 0; i < all.size() && peer.goes_on; i += step) heard = peer.say(all.substr(i, step));
      EXPECT_FALSE(peer.goes_on);
      EXPECT_EQ(code_of(heard, h2::goaway), h2::enhance_your_calm);
    }
  }
}

/// Streams that the client makes the server reset cost as much as those that it resets.
TEST(Http2Protocol, to_have_streams_reset_is_a_flood_too) {
  Peer peer;
  std::vector<h2::Frame> heard = peer.say(opened(""));
  std::uint32_t id = 1;
  for (; id < 1000 && peer.goes_on; id += 2) {
    heard = peer.say(h2::post_head(id, "/echo") + h2::window(id, 0x7fffffff));
    peer.streams.clear();
  }
  EXPECT_EQ(code_of(heard, h2::goaway), h2::enhance_your_calm);
  EXPECT_LT(id, 300);
}

TEST(Http2Protocol, a_head_that_unpacks_to_much_more_ends_the_connection) {
  // A field of 4000 bytes enters the table, and each further byte is that field again.
  const std::string value(3900, 'x');
  const std::string entry = std::string{"\x40"} + h2::length(1) + "x" + h2::length(value.size()) + value;
  const std::string bomb = h2::block(usual) + entry + std::string(10'000, '\xbe');
  Peer peer;
  EXPECT_EQ(code_of(peer.say(opened(frame(h2::headers, h2::complete, 1, bomb))), h2::goaway), h2::enhance_your_calm);
  EXPECT_TRUE(peer.streams.empty());

  Peer trailing;
  const std::string trailers = entry + std::string(10'000, '\xbe');
  const auto heard = trailing.say(opened(open_post + frame(h2::headers, h2::complete, 1, trailers)));
  EXPECT_EQ(code_of(heard, h2::goaway), h2::enhance_your_calm) << "in trailers";

  Peer full;
  std::string said;
  for (std::uint32_t i = 0; i < max_streams; ++i) said += get(2 * i + 1) + (i < 50 ? h2::reset(2 * i + 1) : "");
  (void)full.say(opened(said));
  const auto refused = full.say(frame(h2::headers, h2::complete, 301, bomb));
  EXPECT_EQ(code_of(refused, h2::goaway), h2::enhance_your_calm) << "in a stream that is refused anyway";
}

}  // namespace
}  // namespace cardea::edge
