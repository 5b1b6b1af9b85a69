// HTTP/2 over TLS: requests and responses as over HTTP/1, many at one time.

#include <gtest/gtest.h>

#include <thread>

#include "tests/wire/body_reader.hpp"
#include "tests/wire/http2_house.hpp"

namespace cardea::wire_tests {
namespace {

using namespace std::chrono_literals;
using testing_support::RawClient;
namespace h2 = testing_support::http2;
using h2::Fields, h2::frame, h2::setting;
using h2::operator+;

/// A post with its body, in one frame.
std::string post(std::uint32_t stream, std::string_view path, std::string_view body, const Fields& more = {}) {
  return h2::post_head(stream, path, more) + frame(h2::data, h2::end_stream, stream, body);
}

/// Sends `body` as far as the windows reach, opens them as it is told to, and returns what is answered.
std::optional<Http2Answer> upload(Http2Client& client, std::uint32_t stream, std::string_view body) {
  std::int64_t connection = 65'535;
  std::int64_t own = 65'535;
  while (!body.empty()) {
    const auto size = static_cast<std::size_t>(std::min<std::int64_t>({16'384, connection, own}));
    if (size > 0) {
      const auto piece = body.substr(0, size);
      body.remove_prefix(piece.size());
      connection -= static_cast<std::int64_t>(piece.size());
      own -= static_cast<std::int64_t>(piece.size());
      if (!client.send(frame(h2::data, body.empty() ? h2::end_stream : 0, stream, piece))) break;
      continue;
    }
    const auto next = client.next();
    if (!next || (next->type == h2::rst_stream && next->stream == stream)) break;
    if (next->type == h2::window_update) (next->stream == 0 ? connection : own) += h2::number_at(next->payload, 0);
  }
  return client.answer(stream);
}

std::string head(std::uint32_t stream, std::string_view path) {
  return frame(h2::headers, h2::complete, stream, h2::block(h2::head_of("HEAD", path)));
}

TEST(Http2, is_chosen_where_it_is_spoken) {
  Http2House house;
  Http2Client client = house.client();
  ASSERT_TRUE(client.is_connected());
  EXPECT_EQ(client.protocol(), "h2");
  const auto hello = client.ask(1, h2::get(1));
  ASSERT_TRUE(hello && hello->is_complete);
  EXPECT_EQ(hello->status, 200);
  EXPECT_EQ(hello->body, "hello");
  EXPECT_EQ(hello->fields.at("content-type"), "text/plain; charset=utf-8");
  EXPECT_EQ(hello->fields.at("content-length"), "5");
  EXPECT_TRUE(hello->fields.contains("date") && hello->fields.contains("request-id"));
  EXPECT_FALSE(hello->fields.contains("connection") || hello->fields.contains("transfer-encoding"));
  EXPECT_EQ(client.ask(3, post(3, "/seen", "{}"))->body, "127.0.0.1 secure /seen");
}

TEST(Http2, is_a_setting_and_never_forced) {
  edge::Settings settings = House::small();
  settings.http2 = false;
  Http2House without{settings};
  EXPECT_FALSE((TlsClient{without->port(), without.terms("h2")}.is_connected()));
  Http2House house;
  TlsClient old{house->port(), house.terms("http/1.1")};
  EXPECT_EQ(old.ask(get("/instant"))->status, 200);
  TlsClient unnamed{house->port(), house.terms("")};
  EXPECT_EQ(unnamed.ask(get("/instant"))->status, 200);
  TlsClient mistaken{house->port(), house.terms("http/1.1")};
  EXPECT_EQ(mistaken.ask(h2::preface)->status, 400) << "agreed on is what is spoken";
}

TEST(Http2, with_prior_knowledge_on_a_plain_port_is_refused) {
  House house;
  RawClient client{house.port()};
  EXPECT_EQ(client.ask(std::string{h2::preface} + frame(h2::settings, 0, 0))->status, 400);
  EXPECT_TRUE(client.is_closed_by_peer());
  RawClient upgrading{house.port()};
  const std::string offer = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n";
  EXPECT_EQ(upgrading.ask(get("/instant", offer))->status, 200) << "over HTTP/1.1, as if it were not there";
}

TEST(Http2, has_many_requests_at_one_time) {
  Http2House house;
  Http2Client client = house.client();
  std::string all;
  for (std::uint32_t i = 0; i < 90; ++i) all += i % 3 == 0 ? h2::get(2 * i + 1) : post(2 * i + 1, "/echo-quick", "{}");
  ASSERT_TRUE(client.send(all));
  for (std::uint32_t i = 0; i < 90; ++i) {
    const auto answer = client.answer(2 * i + 1);
    ASSERT_TRUE(answer && answer->is_complete) << i;
    EXPECT_EQ(answer->body, i % 3 == 0 ? "hello" : "{}");
  }
}

TEST(Http2, a_slow_request_holds_up_no_other) {
  Http2House house;
  Http2Client client = house.client();
  ASSERT_TRUE(client.send(h2::get(1, "/held")));
  house->gate.wait_for(1);
  EXPECT_EQ(client.ask(3, h2::get(3))->status, 200);
  house->gate.open();
  EXPECT_EQ(client.answer(1)->body, "held");
}

TEST(Http2, bodies_come_as_the_window_lets_them) {
  Http2House house;
  Http2Client client = house.client();
  const std::string body = "\"" + std::string(99'000, 'a') + "\"";
  ASSERT_TRUE(client.send(h2::post_head(1, "/echo-quick", {{"content-length", std::to_string(body.size())}})));
  EXPECT_EQ(upload(client, 1, body)->body, body) << "more than a window";
  ASSERT_TRUE(client.send(h2::post_head(3, "/echo")));
  EXPECT_EQ(upload(client, 3, body)->body, body) << "of a length that nobody told";
  EXPECT_EQ(house.measured("cardea_body_memory_bytes"), 0);
}

TEST(Http2, bodies_beyond_their_limit_are_refused) {
  Http2House house;
  Http2Client client = house.client();
  const auto told = client.ask(1, h2::post_head(1, "/echo", {{"content-length", "100001"}}));
  EXPECT_EQ(told->status, 413);
  ASSERT_TRUE(client.send(h2::post_head(3, "/echo")));
  EXPECT_EQ(upload(client, 3, std::string(100'001, 'a'))->status, 413);
  ASSERT_TRUE(client.send(h2::post_head(5, "/echo")));
  EXPECT_EQ(upload(client, 5, std::string(1'000'000, 'a'))->status, 413);
  EXPECT_EQ(client.ask(7, h2::get(7))->status, 200) << "the connection goes on, its window is whole";
  EXPECT_EQ(client.answer(5)->reset, std::nullopt) << "who sends all before it reads may";
}

TEST(Http2, a_client_that_stops_in_the_middle_is_told_that_no_more_is_needed) {
  Http2House house;
  Http2Client client = house.client();
  const Fields length{{"content-length", "100001"}};
  const auto refused = client.ask(1, h2::post_head(1, "/echo", length) + frame(h2::data, 0, 1, "x"));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 413);
  while (const auto next = client.next()) {
    if (next->type == h2::rst_stream) break;
  }
  EXPECT_EQ(client.answer(1)->reset, h2::no_error);
}

TEST(Http2, a_get_has_no_body) {
  Http2House house;
  Http2Client client = house.client();
  const std::string begun = frame(h2::headers, h2::end_headers, 1, h2::block(h2::head_of("GET", "/instant")));
  EXPECT_EQ(client.ask(1, begun + frame(h2::data, h2::end_stream, 1))->status, 200) << "an empty one is none";
  const std::string other = frame(h2::headers, h2::end_headers, 3, h2::block(h2::head_of("GET", "/instant")));
  EXPECT_EQ(client.ask(3, other + frame(h2::data, h2::end_stream, 3, "x"))->status, 400);
}

TEST(Http2, head_has_the_fields_alone) {
  Http2House house;
  Http2Client client = house.client();
  const auto text = client.ask(1, head(1, "/instant"));
  EXPECT_EQ(text->status, 200);
  EXPECT_EQ(text->fields.at("content-length"), "5");
  EXPECT_EQ(text->body, "");
  const auto made = client.ask(3, head(3, "/export?size=1000000&length=1"));
  EXPECT_EQ(made->fields.at("content-length"), "1000000");
  EXPECT_EQ(house->exports.pulls(), 0);
}

TEST(Http2, continue_is_said_where_it_is_waited_for) {
  Http2House house;
  Http2Client client = house.client();
  ASSERT_TRUE(client.send(h2::post_head(1, "/echo", {{"expect", "100-continue"}})));
  while (true) {
    const auto next = client.next();
    ASSERT_TRUE(next);
    if (next->type == h2::headers) break;
  }
  const auto answer = client.ask(1, frame(h2::data, h2::end_stream, 1, "{}"));
  EXPECT_EQ(answer->interim, "100");
  EXPECT_EQ(answer->body, "{}");
  const Fields too_much{{"expect", "100-continue"}, {"content-length", "100001"}};
  const auto refused = client.ask(3, h2::post_head(3, "/echo", too_much));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 413);
  EXPECT_EQ(refused->interim, "") << "nobody wants that body";
}

TEST(Http2, trailers_are_read_and_mean_nothing) {
  Http2House house;
  Http2Client client = house.client();
  const auto with = [](std::uint32_t stream, const Fields& trailers) {
    return h2::post_head(stream, "/echo") + frame(h2::data, 0, stream, "{}") +
           frame(h2::headers, h2::complete, stream, h2::block(trailers));
  };
  EXPECT_EQ(client.ask(1, with(1, {{"origin", "https://evil.example"}}))->body, "{}");
  EXPECT_EQ(client.ask(3, with(3, {{"x", std::string(9'000, 'y')}}))->status, 400) << "over their limit";
}

TEST(Http2, cookies_in_pieces_arrive_as_one) {
  const auto cookies = [](const http::Call& call) -> Result<http::Response> {
    return http::Response{.body = std::string{call.request.headers.get("Cookie")}};
  };
  const http::Route route{.method = http::Method::get,
                          .path = "/cookies",
                          .lane = http::Lane::quick,
                          .requirement = anyone,
                          .surface = &http::api_surface(),
                          .handler = cookies};
  Http2House house{House::small(), {route}};
  Http2Client client = house.client();
  EXPECT_EQ(client.ask(1, h2::get(1, "/cookies", {{"cookie", "a=1"}, {"cookie", "b=2"}}))->body, "a=1; b=2");
}

TEST(Http2, connect_and_strange_methods_are_refused) {
  Http2House house;
  Http2Client client = house.client();
  const Fields connect{{":method", "CONNECT"}, {":authority", "a:443"}};
  const auto refused = client.ask(1, frame(h2::headers, h2::end_headers, 1, h2::block(connect)));
  EXPECT_EQ(refused->status, 405);
  EXPECT_TRUE(refused->fields.contains("allow"));
  EXPECT_EQ(client.ask(3, h2::get(3, "/instant", {{"host", "b"}}))->status, 400);
  EXPECT_EQ(client.ask(5, h2::get(5, "/instant", {{"x", std::string(17'000, 'y').substr(0, 16'300)}}))->status, 431);
}

TEST(Http2, a_response_that_would_not_be_one_is_500) {
  Http2House house;
  Http2Client client = house.client();
  const auto answer = client.ask(1, h2::get(1, "/split"));
  EXPECT_EQ(answer->status, 500);
  EXPECT_FALSE(answer->fields.contains("set-cookie"));
}

TEST(Http2, exports_are_pulled_as_the_client_takes_them) {
  Http2House house;
  Http2Client client = house.client();
  const Pattern pattern;
  std::uint32_t stream = 1;
  for (const std::string path : {"/export", "/export-heavy", "/export-instant"}) {
    for (const std::string length : {"", "&length=1"}) {
      const auto answer = client.ask(stream, h2::get(stream, path + "?size=900000" + length));
      ASSERT_TRUE(answer && answer->is_complete) << path;
      EXPECT_TRUE(answer->body == pattern.at(0, 900'000)) << answer->body.size();
      EXPECT_EQ(answer->fields.contains("content-length"), !length.empty());
      stream += 2;
    }
  }
  EXPECT_TRUE(house->exports.are_gone());

  client.give_window(false);
  const auto pulls = house->exports.pulls();
  ASSERT_TRUE(client.send(h2::get(101, "/export?size=900000")));
  ASSERT_TRUE(client.reads(101, 65'535));
  EXPECT_EQ(client.ask(103, head(103, "/instant"))->status, 200);
  EXPECT_LE(house->exports.pulls() - pulls, 2) << "a closed window makes no more";
}

TEST(Http2, exports_that_break_are_reset_and_do_not_end_well) {
  Http2House house;
  Http2Client client = house.client();
  const auto broken = client.ask(1, h2::get(1, "/export?size=900000&error=300000"));
  EXPECT_EQ(broken->reset, h2::internal_error);
  EXPECT_EQ(client.ask(3, h2::get(3, "/export?size=900000&error=0"))->status, 500);
  EXPECT_TRUE(house->exports.are_gone());
}

TEST(Http2, large_texts_arrive) {
  Http2House house;
  Http2Client client = house.client();
  EXPECT_EQ(client.ask(1, h2::get(1, "/large"))->body.size(), House::large_size);
  EXPECT_EQ(house.measured("cardea_body_memory_bytes"), 0);
}

TEST(Http2, the_end_is_told_and_what_was_begun_is_answered) {
  Http2House house;
  Http2Client busy = house.client();
  Http2Client idle = house.client();
  ASSERT_EQ(idle.ask(1, h2::get(1))->status, 200);
  ASSERT_TRUE(busy.send(h2::get(1, "/held")));
  house->gate.wait_for(1);
  std::thread stopping{[&] { house->server->stop(20s); }};
  const auto told = busy.go_away();
  ASSERT_TRUE(told);
  EXPECT_EQ(told->last, 1);
  EXPECT_EQ(told->code, h2::no_error);
  EXPECT_TRUE(idle.go_away());
  EXPECT_TRUE(idle.ends());
  EXPECT_TRUE(busy.send(h2::get(3))) << "sent before it was known: the client tries it elsewhere";
  house->gate.open();
  EXPECT_EQ(busy.answer(1)->body, "held");
  EXPECT_TRUE(busy.ends());
  stopping.join();
}

}  // namespace
}  // namespace cardea::wire_tests
