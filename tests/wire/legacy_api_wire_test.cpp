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

}  // namespace
}  // namespace cardea::wire_tests
