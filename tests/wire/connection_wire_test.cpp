// The life of a connection: kept, pipelined, closed; bodies; what the handler sees.

#include <gtest/gtest.h>

#include "tests/support/raw_client.hpp"
#include "tests/wire/house.hpp"

namespace cardea::wire_tests {
namespace {

using testing_support::RawClient;

TEST(Connection, is_kept_for_the_next_request) {
  House house;
  RawClient client{house.port()};
  for (int i = 0; i < 3; ++i) {
    const auto answer = client.ask(get("/instant"));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "hello");
    EXPECT_EQ(answer->field("Connection"), "");
    EXPECT_EQ(answer->field("Date"), "Wed, 18 Nov 2026 11:06:40 GMT");
  }
}

TEST(Connection, ends_when_the_client_says_close) {
  House house;
  RawClient client{house.port()};
  EXPECT_EQ(client.ask(get("/instant", "Connection: close\r\n"))->field("Connection"), "close");
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST(Connection, of_http_1_0_ends_after_one_answer) {
  House house;
  RawClient client{house.port()};
  EXPECT_EQ(client.ask("GET /instant HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")->body, "hello");
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST(Connection, pipelined_requests_are_answered_in_order) {
  House house;
  RawClient client{house.port()};
  std::string requests;
  for (int i = 0; i < 50; ++i) {
    requests += post(i % 2 == 0 ? "/echo-quick" : "/echo", std::to_string(i));
  }
  ASSERT_TRUE(client.send(requests));
  for (int i = 0; i < 50; ++i) {
    const auto answer = client.receive();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, std::to_string(i));
  }
}

TEST(Connection, a_request_may_arrive_byte_by_byte) {
  House house;
  RawClient client{house.port()};
  for (const char byte : post("/echo", "{\"a\":1}")) ASSERT_TRUE(client.send({&byte, 1}));
  EXPECT_EQ(client.receive()->body, "{\"a\":1}");
}

TEST(Connection, a_body_up_to_the_routes_limit_is_read) {
  House house;
  RawClient client{house.port()};
  const std::string body(100'000, 'a');
  EXPECT_EQ(client.ask(post("/echo-quick", body))->body, body);
  EXPECT_EQ(client.ask(get("/instant"))->status, 200) << "and the connection goes on";
}

TEST(Connection, a_larger_body_is_refused_before_it_is_sent) {
  House house;
  RawClient client{house.port()};
  const auto answer =
      client.ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100001\r\n\r\n");
  ASSERT_TRUE(answer) << "the answer must not wait for the body";
  EXPECT_EQ(answer->status, 413);
  EXPECT_EQ(answer->field("Connection"), "close");
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST(Connection, a_refusal_arrives_although_the_body_was_sent) {
  House house;
  RawClient client{house.port()};
  const auto answer = client.ask(post("/echo", std::string(150'000, 'a')));
  ASSERT_TRUE(answer) << "a reset would have destroyed it";
  EXPECT_EQ(answer->status, 413);
}

TEST(Connection, a_refusal_arrives_although_much_more_was_sent) {
  House house;
  RawClient client{house.port()};
  const auto answer = client.ask(post("/echo", std::string(10'000'000, 'a')));
  ASSERT_TRUE(answer) << "most clients send everything before they read";
  EXPECT_EQ(answer->status, 413);
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST(Connection, a_refused_client_cannot_go_on_sending_for_ever) {
  edge::Settings settings = House::small();
  settings.body_timeout = std::chrono::milliseconds{200};
  House house{settings};
  RawClient client{house.port()};
  RawClient pace{house.port()};
  EXPECT_EQ(client.ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n")->status, 413);
  int sent = 0;
  while (sent < 100'000 && client.send("y") && pace.ask(get("/instant"))) ++sent;
  EXPECT_LT(sent, 100'000);
}

TEST(Connection, an_expectant_client_is_told_to_go_on) {
  House house;
  RawClient client{house.port()};
  const std::string request = post("/echo", "{}", "Expect: 100-continue\r\n");
  const std::size_t head_size = request.size() - 2;
  ASSERT_TRUE(client.send(request.substr(0, head_size)));
  EXPECT_EQ(client.receive_head()->status, 100);
  ASSERT_TRUE(client.send(request.substr(head_size)));
  EXPECT_EQ(client.receive()->body, "{}");
}

TEST(Connection, an_expectant_client_with_too_much_is_told_at_once) {
  House house;
  RawClient client{house.port()};
  const auto answer =
      client.ask("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 100001\r\n\r\n");
  EXPECT_EQ(answer->status, 413);
}

TEST(Connection, head_has_the_length_of_get_and_no_body) {
  House house;
  RawClient client{house.port()};
  ASSERT_TRUE(client.send("HEAD /instant HTTP/1.1\r\nHost: a\r\n\r\n" + get("/instant")));
  const auto head = client.receive_head();
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(head->field("Content-Length"), "5");
  EXPECT_EQ(client.receive()->body, "hello") << "the next bytes are the next response";
}

TEST(Connection, the_handler_sees_the_peer_and_the_target) {
  House house;
  RawClient client{house.port()};
  EXPECT_EQ(client.ask(post("/seen?a=b", "{}"))->body, "127.0.0.1 open /seen?a=b");
}

TEST(Connection, an_upgrade_is_not_taken) {
  House house;
  RawClient client{house.port()};
  EXPECT_EQ(client.ask(get("/instant", "Connection: Upgrade\r\nUpgrade: websocket\r\n"))->status, 200);
}

TEST(Connection, a_client_that_leaves_early_harms_nobody) {
  House house;
  for (const std::string& part : {std::string{}, std::string{"GET /inst"}, post("/echo", "{}").substr(0, 90)}) {
    RawClient client{house.port()};
    ASSERT_TRUE(client.send(part));
  }
  {
    RawClient client{house.port()};
    ASSERT_TRUE(client.send(get("/held")));
    house.gate.wait_for(1);
  }
  house.gate.open();
  EXPECT_EQ(RawClient{house.port()}.ask(get("/instant"))->status, 200);
}

}  // namespace
}  // namespace cardea::wire_tests
