// Bodies that a producer makes: how they are framed, and how a client learns that one is not whole.

#include <gtest/gtest.h>

#include "tests/support/raw_client.hpp"
#include "tests/wire/body_reader.hpp"
#include "tests/wire/certificate.hpp"
#include "tests/wire/house.hpp"
#include "tests/wire/tls_client.hpp"

namespace cardea::wire_tests {
namespace {

using namespace std::chrono_literals;
using testing_support::RawClient;
using Reader = Reading<RawClient>;

constexpr std::uint64_t several_pieces = 1'000'000;
const std::string export_path = "/export?size=1000000";

std::string get_by_1_0(std::string_view path) { return "GET " + std::string{path} + " HTTP/1.0\r\n\r\n"; }
std::string head_of(std::string_view path) { return "HEAD " + std::string{path} + " HTTP/1.1\r\nHost: a\r\n\r\n"; }

TEST(Stream, of_unknown_length_comes_in_chunks_and_the_connection_goes_on) {
  House house;
  Reader client{house.port()};
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(client.begin(get(export_path)));
    EXPECT_EQ(client.head().field("Transfer-Encoding"), "chunked");
    EXPECT_EQ(client.head().field("Content-Length"), "");
    EXPECT_EQ(client.head().field("Connection"), "");
    EXPECT_EQ(client.head().field("X-Content-Type-Options"), "nosniff") << "dressed like any other";
    EXPECT_EQ(client.read(), End::complete);
    EXPECT_EQ(client.received(), several_pieces);
  }
  EXPECT_EQ(client.ask(get("/instant"))->body, "hello");
  EXPECT_TRUE(house.exports.are_gone());
}

TEST(Stream, of_known_length_says_it_and_the_connection_goes_on) {
  House house;
  Reader client{house.port()};
  ASSERT_TRUE(client.begin(get(export_path + "&length=1")));
  EXPECT_EQ(client.head().field("Transfer-Encoding"), "");
  EXPECT_EQ(client.head().field("Content-Length"), "1000000");
  EXPECT_EQ(client.read(), End::complete);
  EXPECT_EQ(client.received(), several_pieces);
  EXPECT_EQ(client.ask(get("/instant"))->body, "hello");
}

TEST(Stream, for_http_1_0_ends_with_the_connection) {
  House house;
  Reader client{house.port()};
  ASSERT_TRUE(client.begin(get_by_1_0(export_path)));
  EXPECT_EQ(client.head().field("Transfer-Encoding"), "") << "it does not know chunks";
  EXPECT_EQ(client.head().field("Connection"), "close");
  EXPECT_EQ(client.read(), End::closed);
  EXPECT_EQ(client.received(), several_pieces);
}

TEST(Stream, may_be_small_or_empty) {
  House house;
  Reader client{house.port()};
  for (const std::string path :
       {"/export?size=0", "/export?size=5", "/export?size=0&length=1", "/export-instant?size=5"}) {
    const auto pulls = house.exports.pulls();
    ASSERT_TRUE(client.begin(get(path))) << path;
    EXPECT_EQ(client.read(), End::complete) << path;
    EXPECT_EQ(client.received(), path.find("size=5") == std::string::npos ? 0U : 5U) << path;
    EXPECT_EQ(house.exports.pulls(), pulls + 1) << "one piece, one job";
  }
}

TEST(Stream, of_the_instant_lane_lets_others_have_their_turn) {
  House house;  // one I/O thread, which makes the pieces itself
  Reader reader{house.port()};
  ASSERT_TRUE(reader.begin(get("/export-instant?size=1000000000000")));
  EXPECT_EQ(reader.read(several_pieces), End::enough);
  EXPECT_EQ(RawClient{house.port()}.ask(get("/instant"))->body, "hello");
}

TEST(Stream, a_head_request_pulls_nothing) {
  House house;
  for (const char* length : {"", "&length=1"}) {
    RawClient client{house.port()};
    ASSERT_TRUE(client.send(head_of(export_path + length) + get("/instant")));
    const auto head = client.receive_head();
    ASSERT_TRUE(head);
    EXPECT_EQ(head->status, 200);
    EXPECT_EQ(head->field("Content-Length"), *length == '\0' ? "" : "1000000");
    EXPECT_EQ(head->field("Transfer-Encoding"), "");
    EXPECT_EQ(client.receive()->body, "hello") << "the next bytes are the next response";
  }
  EXPECT_EQ(house.exports.made(), 2);
  EXPECT_EQ(house.exports.pulls(), 0);
  EXPECT_TRUE(house.exports.are_gone());
}

TEST(Stream, that_fails_at_once_is_answered_as_a_handler_that_fails) {
  House house;
  RawClient client{house.port()};
  const auto broken = client.ask(get(export_path + "&error=0"));
  ASSERT_TRUE(broken);
  EXPECT_EQ(broken->status, 500);
  EXPECT_NE(broken->body.find("\"code\":\"internal\""), std::string::npos) << broken->body;
  EXPECT_EQ(broken->body.find("the export broke"), std::string::npos) << "those words are the operator's";
  EXPECT_TRUE(house.lines.mention("the export broke"));
  const auto unavailable = client.ask(get(export_path + "&unavailable=0"));
  ASSERT_TRUE(unavailable) << "the connection goes on";
  EXPECT_EQ(unavailable->status, 503);
  EXPECT_TRUE(house.exports.are_gone());
}

TEST(Stream, that_fails_later_ends_the_connection_without_the_last_chunk) {
  House house;
  for (const char* failure : {"&error=500000", "&unavailable=500000"}) {
    Reader client{house.port()};
    ASSERT_TRUE(client.begin(get(export_path + failure)));
    EXPECT_EQ(client.read(), End::closed) << failure;
    EXPECT_GE(client.received(), 500'000U) << "what was made before is there";
    EXPECT_LT(client.received(), several_pieces);
  }
  EXPECT_TRUE(house.exports.are_gone());
  EXPECT_TRUE(house.lines.mention("edge.response_cut"));
  EXPECT_TRUE(house.lines.mention("the export broke"));
  EXPECT_TRUE(house.lines.mention("the database is gone"));
}

TEST(Stream, of_known_length_that_fails_later_ends_short_of_it) {
  House house;
  Reader client{house.port()};
  ASSERT_TRUE(client.begin(get(export_path + "&length=1&error=500000")));
  EXPECT_EQ(client.read(), End::closed);
  EXPECT_LT(client.received(), several_pieces);
}

TEST(Stream, for_http_1_0_that_fails_later_is_reset_or_its_end_would_look_like_any_other) {
  House house;
  Reader client{house.port()};
  ASSERT_TRUE(client.begin(get_by_1_0(export_path + "&error=500000")));
  EXPECT_EQ(client.read(), End::reset);
}

TEST(Stream, the_request_id_of_one_that_was_cut_is_in_the_log) {
  House house;
  Reader client{house.port()};
  ASSERT_TRUE(client.begin(get(export_path + "&error=500000")));
  const std::string id = client.head().field("Request-Id");
  EXPECT_EQ(client.read(), End::closed);
  EXPECT_TRUE(house.lines.mention_together("edge.response_cut", id));
}

class TlsStream : public testing::Test {
 protected:
  static edge::Settings settings(const Certificate& certificate) {
    edge::Settings settings = House::small();
    settings.certificate_file = certificate.file();
    settings.key_file = certificate.key();
    return settings;
  }
  Certificate certificate_;
  House house_{settings(certificate_)};
  Reading<TlsClient> client_{house_.port(), TlsTerms{.trusted_file = certificate_.file()}};
};

TEST_F(TlsStream, is_the_same) {
  ASSERT_TRUE(client_.begin(get(export_path)));
  EXPECT_EQ(client_.read(), End::complete);
  EXPECT_EQ(client_.received(), several_pieces);
  EXPECT_EQ(client_.ask(get("/instant"))->body, "hello");
}

TEST_F(TlsStream, for_http_1_0_ends_with_a_goodbye_that_one_cut_off_does_not_have) {
  ASSERT_TRUE(client_.begin(get_by_1_0(export_path)));
  EXPECT_EQ(client_.read(), End::closed) << "with a close_notify";
  Reading<TlsClient> cut{house_.port(), TlsTerms{.trusted_file = certificate_.file()}};
  ASSERT_TRUE(cut.begin(get_by_1_0(export_path + "&error=500000")));
  EXPECT_EQ(cut.read(), End::reset);
}

}  // namespace
}  // namespace cardea::wire_tests
