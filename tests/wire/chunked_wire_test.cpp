// Bodies that come in chunks, and targets in the forms that proxies and libraries send.

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "http/problem.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/wire/house.hpp"

namespace cardea::wire_tests {
namespace {

using namespace std::chrono_literals;
using testing_support::RawClient;

/// A JSON post whose body is yet to come, in chunks.
std::string chunked_head(std::string_view path, std::string_view fields = "") {
  return "POST " + std::string{path} +
         " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n" +
         std::string{fields} + "\r\n";
}

std::string hexadecimal(std::size_t size) {
  std::string digits;
  for (; size > 0; size /= 16) digits.insert(0, 1, "0123456789abcdef"[size % 16]);
  return digits.empty() ? "0" : digits;
}

std::string chunks_of(std::string_view body, std::size_t size) {
  std::string text;
  for (; !body.empty(); body.remove_prefix(std::min(size, body.size()))) {
    const std::string_view part = body.substr(0, size);
    text += hexadecimal(part.size()) + "\r\n" + std::string{part} + "\r\n";
  }
  return text + "0\r\n\r\n";
}

edge::Settings with_memory(std::int64_t mib) {
  edge::Settings settings = House::small();
  settings.body_memory_mib = mib;
  return settings;
}

TEST(Chunks, make_the_body_that_a_handler_sees_and_the_connection_goes_on) {
  House house;
  RawClient client{house.port()};
  for (const std::size_t size : {1U, 2U, 100U, 70'000U}) {
    std::string body(70'000, 'b');
    body[size] = 'c';
    for (const char* path : {"/echo", "/echo-quick"}) {
      const auto answer = client.ask(chunked_head(path) + chunks_of(body, size));
      ASSERT_TRUE(answer) << size;
      EXPECT_EQ(answer->status, 200);
      EXPECT_EQ(answer->body, body) << size;
      EXPECT_EQ(answer->field("Connection"), "");
    }
  }
  EXPECT_EQ(client.ask(chunked_head("/echo") + "0\r\n\r\n")->body, "");
  EXPECT_EQ(client.ask(get("/instant"))->body, "hello");
}

TEST(Chunks, of_requests_that_are_sent_together_are_told_apart) {
  House house;
  RawClient client{house.port()};
  std::string requests;
  for (int i = 0; i < 50; ++i) {
    const std::string body = "body " + std::to_string(i);
    requests += i % 3 == 0 ? post("/echo", body) : chunked_head("/echo-quick") + chunks_of(body, 3);
  }
  ASSERT_TRUE(client.send(requests));
  for (int i = 0; i < 50; ++i) {
    const auto answer = client.receive();
    ASSERT_TRUE(answer) << i;
    EXPECT_EQ(answer->body, "body " + std::to_string(i));
  }
}

TEST(Chunks, may_arrive_byte_by_byte) {
  House house;
  RawClient client{house.port()};
  const std::string request = chunked_head("/echo") + "3;a=b\r\n{\"a\r\n4\r\n\":1}\r\n0\r\nX-Sum: 1\r\n\r\n";
  for (const char byte : request) ASSERT_TRUE(client.send({&byte, 1}));
  EXPECT_EQ(client.receive()->body, "{\"a\":1}");
}

TEST(Chunks, trailers_are_no_headers) {
  House house;
  RawClient client{house.port()};
  const auto answer = client.ask(chunked_head("/private") +
                                 "2\r\n{}\r\n0\r\nCookie: s=1\r\nAuthorization: Bearer a\r\nHost: b\r\n\r\n");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 401);
}

TEST(Chunks, beyond_the_limit_are_refused_while_they_arrive) {
  House house;
  RawClient client{house.port()};
  ASSERT_TRUE(client.send(chunked_head("/echo") + hexadecimal(60'000) + "\r\n" + std::string(60'000, 'b') + "\r\n"));
  EXPECT_FALSE(client.has_input_within(50ms)) << "so far it fits";
  const auto answer = client.ask(hexadecimal(40'001) + "\r\n");
  ASSERT_TRUE(answer) << "the chunk itself need not come";
  EXPECT_EQ(answer->status, 413);
  EXPECT_TRUE(client.is_closed_by_peer());
  RawClient exact{house.port()};
  const std::string most(100'000, 'b');
  EXPECT_EQ(exact.ask(chunked_head("/echo") + chunks_of(most, 40'000))->body, most);
}

TEST(Chunks, where_nothing_answers_are_read_as_far_as_a_usual_body) {
  House house;
  RawClient client{house.port()};
  const auto answer = client.ask(chunked_head("/nothing") + chunks_of(std::string(1000, 'b'), 10));
  EXPECT_EQ(answer->status, 404);
  EXPECT_EQ(client.ask(get("/instant"))->body, "hello");
  EXPECT_EQ(client.ask(chunked_head("/nothing") + "10001\r\n")->status, 413);
}

/// A house that gives a body 200 ms, and a route of small ones: a large one has more time.
class Impatient : public testing::Test {
 protected:
  static edge::Settings settings() {
    edge::Settings settings = House::small();
    settings.body_timeout = 200ms;
    return settings;
  }
  static http::Route small() {
    return {.method = http::Method::post,
            .path = "/small",
            .lane = http::Lane::instant,
            .requirement = anyone,
            .surface = &http::api_surface(),
            .handler = [](const http::Call&) -> Result<http::Response> { return http::no_content(); },
            .body_limit = 1000};
  }

  House house_{settings(), {small()}};
  RawClient client_{house_.port()};
};

TEST_F(Impatient, cuts_chunks_that_stop_with_408) {
  for (const std::string start : {"", "5", "5\r\nhel", "5\r\nhello\r\n", "0\r\n", "0\r\nX: y"}) {
    RawClient client{house_.port()};
    EXPECT_EQ(client.ask(chunked_head("/small") + start)->status, 408) << start;
    EXPECT_TRUE(client.is_closed_by_peer());
  }
}

TEST_F(Impatient, cuts_chunks_that_drip_all_the_same) {
  ASSERT_TRUE(client_.send(chunked_head("/small") + "1;"));
  int bytes = 0;
  while (bytes < 4'000 && !client_.has_input_within(5ms)) {
    ASSERT_TRUE(client_.send("x"));
    ++bytes;
  }
  ASSERT_LT(bytes, 4'000) << "each byte bought new time";
  EXPECT_EQ(client_.receive()->status, 408);
}

TEST(Chunks, are_paid_for_as_they_arrive) {
  House house{with_memory(1)};
  std::vector<std::unique_ptr<RawClient>> silent;
  for (int i = 0; i < 40; ++i) {
    silent.push_back(std::make_unique<RawClient>(house.port()));
    ASSERT_TRUE(silent.back()->send(chunked_head("/echo") + hexadecimal(100'000) + "\r\n"));
  }
  const std::string body(100'000, 'b');
  RawClient client{house.port()};
  EXPECT_EQ(client.ask(chunked_head("/echo") + chunks_of(body, 5'000))->body, body) << "announcing takes nothing";

  std::vector<std::unique_ptr<RawClient>> senders;
  int refused = 0;
  for (int i = 0; i < 40; ++i) {
    senders.push_back(std::make_unique<RawClient>(house.port()));
    ASSERT_TRUE(senders.back()->send(chunked_head("/echo") + hexadecimal(99'000) + "\r\n" + body.substr(1'000)));
    RawClient pace{house.port()};
    ASSERT_EQ(pace.ask(get("/instant"))->status, 200);
    if (senders.back()->has_input_within(50ms)) ++refused;
  }
  EXPECT_GE(refused, 25) << "1 MiB holds ten of them";
  EXPECT_EQ(senders.back()->receive()->status, 503);
  senders.clear();
}

TEST(Chunks, of_nobody_are_refused_unread_where_one_must_be_signed_in_for_a_large_body) {
  House house;
  for (const std::string fields : {"", "Cookie: unknown=1\r\n"}) {
    RawClient client{house.port()};
    const auto answer = client.ask(chunked_head("/private", fields));
    ASSERT_TRUE(answer) << "the answer must not wait for the body";
    EXPECT_EQ(answer->status, 401);
    EXPECT_TRUE(client.is_closed_by_peer());
  }
}

TEST(Chunks, are_invited_when_the_client_waits_for_that) {
  House house;
  RawClient waiting{house.port()};
  ASSERT_TRUE(waiting.send(chunked_head("/echo", "Expect: 100-continue\r\n")));
  EXPECT_EQ(waiting.receive_head()->status, 100);
  EXPECT_EQ(waiting.ask("2\r\n{}\r\n0\r\n\r\n")->body, "{}");
  RawClient eager{house.port()};
  EXPECT_EQ(eager.ask(chunked_head("/echo", "Expect: 100-continue\r\n") + "2\r\n{}\r\n0\r\n\r\n")->status, 200);
  RawClient refused{house.port()};
  EXPECT_EQ(refused.ask(chunked_head("/private", "Expect: 100-continue\r\n"))->status, 401) << "without being invited";
}

TEST(Chunks, with_a_repeated_singleton_are_400) {
  House house;
  for (const std::string fields : {"Authorization:\r\nAuthorization: Bearer junk\r\n", "Origin: a\r\nOrigin: a\r\n",
                                   "Content-Type: text/plain\r\n"}) {
    RawClient client{house.port()};
    const auto answer = client.ask(chunked_head("/echo", fields) + "2\r\n{}\r\n0\r\n\r\n");
    ASSERT_TRUE(answer) << fields;
    EXPECT_EQ(answer->status, 400) << fields;
    EXPECT_EQ(client.ask(get("/instant"))->body, "hello") << "the body was read to its end";
  }
}

TEST(Target, in_absolute_form_is_the_path_and_the_query_in_it) {
  House house;
  RawClient client{house.port()};
  for (const std::string target : {"http://a/seen?a=c", "https://other.example:443/seen?a=c", "HTTP://A/seen?a=c"}) {
    const auto answer = client.ask("POST " + target + " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
    ASSERT_TRUE(answer) << target;
    EXPECT_EQ(answer->body, "127.0.0.1 open /seen?a=c") << target;
  }
  EXPECT_EQ(client.ask("GET http://a HTTP/1.1\r\nHost: a\r\n\r\n")->status, 404);
  EXPECT_EQ(client.ask("GET http://a/instant HTTP/1.0\r\n\r\n")->body, "hello");
}

TEST(Target, in_absolute_form_names_the_host_that_counts) {
  House house;
  const auto ask = [&](const std::string& target, const std::string& host) {
    RawClient client{house.port()};
    const auto answer = client.ask("POST " + target + " HTTP/1.1\r\nHost: " + host +
                                   "\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 0\r\n\r\n");
    return answer ? answer->status : 0;
  };
  EXPECT_EQ(ask("/seen", "auth.example.org"), 200);
  EXPECT_EQ(ask("/seen", "evil.example"), 403);
  EXPECT_EQ(ask("https://auth.example.org/seen", "auth.example.org"), 200);
  EXPECT_EQ(ask("https://evil.example/seen", "auth.example.org"), 403) << "Host is ignored beside it";
  EXPECT_EQ(ask("https://auth.example.org/seen", "evil.example"), 200);
}

TEST(Target, of_the_whole_server_is_answered) {
  House house;
  RawClient client{house.port()};
  for (const std::string target : {"*", "http://a"}) {
    const auto answer = client.ask("OPTIONS " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(answer) << target;
    EXPECT_EQ(answer->status, 204) << target;
    EXPECT_EQ(answer->field("Allow"), http::every_method);
  }
  EXPECT_EQ(client.ask(get("/instant"))->body, "hello");
}

}  // namespace
}  // namespace cardea::wire_tests
