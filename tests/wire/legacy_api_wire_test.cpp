// What the server answers by itself on the older contract's paths.

#include "legacy_api/legacy_api.hpp"

#include <gtest/gtest.h>

#include "http/problem.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/wire/house.hpp"

namespace cardea::wire_tests {
namespace {

using testing_support::RawClient;

TEST(Wire, a_client_of_the_classic_contract_is_refused_in_its_words) {
  const http::Route hello{.method = http::Method::get,
                          .path = "/api/hello",
                          .lane = http::Lane::instant,
                          .requirement = anyone,
                          .surface = &legacy_api::surface(),
                          .handler = [](const http::Call&) -> Result<http::Response> { return http::no_content(); }};
  House house{House::small(), {hello}};
  for (const std::string request :
       {"POST /api/users HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
        "POST /api/users HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET /api/%ff HTTP/1.1\r\nHost: a\r\n\r\n"}) {
    RawClient client{house.port()};
    const auto answer = client.ask(request);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 400);
    EXPECT_NE(answer->body.find("\"message\":"), std::string::npos) << answer->body;
  }
}

TEST(Wire, a_front_end_can_read_why_it_was_refused_before_any_handler_ran) {
  House house;
  const std::string origin = "Origin: https://app.example.org\r\n";
  const std::string head = " HTTP/1.1\r\nHost: a\r\n" + origin;
  const auto expect = [&](const std::string& bytes, int status) {
    RawClient client{house.port()};
    const auto answer = client.ask(bytes);
    ASSERT_TRUE(answer) << bytes;
    EXPECT_EQ(answer->status, status) << bytes;
    EXPECT_NE(answer->head.find("Access-Control-Allow-Origin: https://app.example.org\r\n"), std::string::npos)
        << answer->head;
    EXPECT_NE(answer->head.find("Vary: Origin\r\n"), std::string::npos) << answer->head;
  };
  expect("POST /echo" + head + "Content-Type: application/json\r\nContent-Length: 10000000\r\n\r\n", 413);
  expect("POST /echo" + head + "Transfer-Encoding: gzip\r\n\r\n", 501);
  expect("POST /nowhere" + head + "Content-Length: 0\r\n\r\n", 404);
  expect("DELETE /echo" + head + "\r\n", 405);
  expect("GET /%ff" + head + "\r\n", 400);
}

}  // namespace
}  // namespace cardea::wire_tests
