// Framing over a real socket: what could be read in two ways is refused, and nothing after it is read as a request.

#include <gtest/gtest.h>

#include "tests/support/raw_client.hpp"
#include "tests/wire/house.hpp"

namespace cardea::wire_tests {
namespace {

using testing_support::RawClient;

struct Attack {
  const char* name;
  std::string bytes;
  int status;
};
void PrintTo(const Attack& attack, std::ostream* out) { *out << attack.name; }

// Would be a second request for whoever reads the first one's end wrongly.
const std::string smuggled = "GET /instant HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string post_head = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";

const std::string chunked_head = post_head + "Transfer-Encoding: chunked\r\n\r\n";

const std::vector<Attack> attacks{
    {"te_cl", post_head + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\n" + smuggled + "0\r\n\r\n",
     400},
    {"cl_te", post_head + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG" + smuggled, 400},
    {"te_te", post_head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n" + smuggled, 400},
    {"unknown_te", post_head + "Transfer-Encoding: xchunked\r\n\r\n" + smuggled, 501},
    {"te_list", post_head + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + smuggled, 501},
    {"chunked_get", "GET /instant HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled, 400},
    {"chunk_sign", chunked_head + "+2\r\n{}\r\n0\r\n\r\n" + smuggled, 400},
    {"chunk_0x", chunked_head + "0x2\r\n{}\r\n0\r\n\r\n" + smuggled, 400},
    {"chunk_space", chunked_head + "2 \r\n{}\r\n0\r\n\r\n" + smuggled, 400},
    {"chunk_lf", chunked_head + "2\n{}\r\n0\r\n\r\n" + smuggled, 400},
    {"chunk_end_lf", chunked_head + "2\r\n{}\n0\r\n\r\n" + smuggled, 400},
    {"chunk_too_short", chunked_head + "2\r\n{}}\r\n0\r\n\r\n" + smuggled, 400},
    {"chunk_extension_lf", chunked_head + "2;a\n{}\r\n0\r\n\r\n" + smuggled, 400},
    {"chunk_extensions", chunked_head + "2;" + std::string(10'000, 'e') + "\r\n{}\r\n0\r\n\r\n" + smuggled, 400},
    {"last_chunk_lf", chunked_head + "2\r\n{}\r\n0\n\n" + smuggled, 400},
    {"trailer_lf", chunked_head + "2\r\n{}\r\n0\r\nX: y\n\r\n" + smuggled, 400},
    {"trailers", chunked_head + "2\r\n{}\r\n0\r\nX: " + std::string(10'000, 'y') + "\r\n\r\n" + smuggled, 400},
    {"chunk_overflow", chunked_head + "10000000000000002\r\n{}\r\n0\r\n\r\n" + smuggled, 413},
    {"chunk_too_large", chunked_head + "186a1\r\n{}\r\n0\r\n\r\n" + smuggled, 413},
    {"chunked_http_1_0", "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled, 400},
    {"te_space_colon", post_head + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + smuggled, 400},
    {"te_folded", post_head + "X: y\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled, 400},
    {"two_lengths", post_head + "Content-Length: 0\r\nContent-Length: 34\r\n\r\n" + smuggled, 400},
    {"same_length_twice", post_head + "Content-Length: 0\r\nContent-Length: 0\r\n\r\n" + smuggled, 400},
    {"length_list", post_head + "Content-Length: 0, 34\r\n\r\n" + smuggled, 400},
    {"length_sign", post_head + "Content-Length: +34\r\n\r\n" + smuggled, 400},
    {"obs_fold", "GET /instant HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n", 400},
    {"bare_lf", "GET /instant HTTP/1.1\nHost: a\n\n", 400},
    {"one_bare_lf", "GET /instant HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", 400},
    {"bare_cr", "GET /instant HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", 400},
    {"no_host", "GET /instant HTTP/1.1\r\n\r\n", 400},
    {"two_hosts", "GET /instant HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
    {"body_on_get", "GET /instant HTTP/1.1\r\nHost: a\r\nContent-Length: 34\r\n\r\n" + smuggled, 400},
    {"http_2_0", "GET /instant HTTP/2.0\r\nHost: a\r\n\r\n", 400},
    {"http_2_preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
    {"no_version", "GET /instant\r\n\r\n", 400},
    {"absolute_form_with_user", "GET http://u@b/instant HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"absolute_form_of_ftp", "GET ftp://b/instant HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"absolute_form_with_dots", "GET http://b/a/../instant HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"absolute_form_without_host", "GET http://b/instant HTTP/1.1\r\n\r\n", 400},
    {"asterisk_form_of_get", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"authority_form_of_get", "GET b:443 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"authority_form", "CONNECT b:443 HTTP/1.1\r\nHost: a\r\n\r\n", 405},
    {"encoded_slash", "GET /a%2Fb HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"dot_segments", "GET /a/../instant HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"unknown_method", "BREW /instant HTTP/1.1\r\nHost: a\r\n\r\n", 405},
    {"garbage", std::string{"\x16\x03\x01\x00\xff\x0d\x0a\x0d\x0a", 9}, 400},
    {"empty_lines", "\r\n\r\n\r\n", 400},
    {"long_target", "GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 431},
    {"long_field", "GET /instant HTTP/1.1\r\nHost: a\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n", 431},
    {"endless_line", std::string(20'000, 'a'), 431},
};

class Refused : public testing::TestWithParam<Attack> {};

TEST_P(Refused, once_and_the_connection_ends) {
  House house;
  RawClient client{house.port()};
  const auto answer = client.ask(GetParam().bytes);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, GetParam().status) << answer->body;
  EXPECT_EQ(answer->field("Connection"), "close");
  EXPECT_EQ(answer->field("Content-Type"), "application/problem+json") << "refusals look like any other error";
  EXPECT_TRUE(client.is_closed_by_peer()) << "what follows must not be read as a request";
}

std::string name_of(const testing::TestParamInfo<Attack>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(attack, Refused, testing::ValuesIn(attacks), name_of);

TEST(Wire, too_many_fields_are_refused) {
  House house;
  RawClient client{house.port()};
  std::string fields;
  for (int i = 0; i < 100; ++i) fields += "X: y\r\n";
  EXPECT_EQ(client.ask(get("/instant", fields))->status, 431);
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST(Wire, an_unknown_method_is_told_the_known_ones) {
  House house;
  RawClient client{house.port()};
  EXPECT_NE(client.ask("BREW / HTTP/1.1\r\nHost: a\r\n\r\n")->field("Allow").find("GET"), std::string::npos);
}

TEST(Wire, a_browser_sees_the_page_for_errors_when_its_address_is_none) {
  House house;
  for (const std::string path : {"/%ff%fe", "/a/../b", "/%zz"}) {
    RawClient client{house.port()};
    const auto answer = client.ask(get(path, "Accept: text/html,application/xhtml+xml\r\n"));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 400);
    EXPECT_EQ(answer->body, House::error_text) << path;
  }
}

TEST(Wire, a_refused_head_has_no_body) {
  House house;
  RawClient client{house.port()};
  ASSERT_TRUE(client.send("HEAD /%ff HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_EQ(client.receive_head()->status, 400);
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST(Wire, a_field_with_a_line_break_never_leaves) {
  House house;
  RawClient client{house.port()};
  const auto answer = client.ask(get("/split"));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 500);
  EXPECT_EQ(answer->field("Set-Cookie"), "");
}

}  // namespace
}  // namespace cardea::wire_tests
