#include "edge/response_text.hpp"

#include <gtest/gtest.h>

#include "edge/content.hpp"

namespace cardea::edge {
namespace {

constexpr std::string_view date = "Mon, 23 Nov 2026 15:04:05 GMT";

http::Response hello() {
  http::Response response{.status = 200, .body = "hello"};
  response.headers.add("Content-Type", "text/plain");
  return response;
}

std::string text(const http::Response& response, Ending ending = {.date = date}) {
  std::string out;
  EXPECT_TRUE(append_head(out, response, ending));
  if (sends_body(response, ending.is_head ? http::Method::head : http::Method::get)) out += response.body.text();
  return out;
}

TEST(ResponseText, has_status_fields_date_length_and_body) {
  EXPECT_EQ(text(hello()),
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nDate: Mon, 23 Nov 2026 15:04:05 GMT\r\n"
            "Content-Length: 5\r\n\r\nhello");
}

TEST(ResponseText, is_appended_to_what_is_there) {
  std::string out = "before";
  EXPECT_TRUE(append_head(out, hello(), {.date = date}));
  EXPECT_TRUE(out.starts_with("beforeHTTP/1.1 200 OK\r\n"));
}

TEST(ResponseText, head_has_the_length_but_not_the_body) {
  const auto head = text(hello(), {.is_head = true, .date = date});
  EXPECT_NE(head.find("Content-Length: 5\r\n"), std::string::npos);
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
}

TEST(ResponseText, no_content_and_not_modified_have_neither) {
  for (const int status : {204, 304}) {
    http::Response response = hello();
    response.status = status;
    const auto out = text(response);
    EXPECT_EQ(out.find("Content-Length"), std::string::npos);
    EXPECT_TRUE(out.ends_with("\r\n\r\n"));
  }
}

TEST(ResponseText, the_last_response_says_close) {
  EXPECT_NE(text(hello(), {.keep_alive = false, .date = date}).find("\r\nConnection: close\r\n"), std::string::npos);
  EXPECT_EQ(text(hello()).find("Connection"), std::string::npos);
}

TEST(ResponseText, a_handler_cannot_change_the_framing) {
  http::Response response = hello();
  response.headers.add("content-length", "7");
  response.headers.add("Transfer-Encoding", "chunked");
  response.headers.add("Connection", "keep-alive");
  response.headers.add("date", "yesterday");
  EXPECT_EQ(text(response), text(hello()));
}

class Pieces final : public http::Producer {
 public:
  explicit Pieces(std::optional<std::uint64_t> length) : length_(length) {}
  [[nodiscard]] std::optional<std::uint64_t> length() const override { return length_; }
  Result<http::Progress> pull(std::string&) override { throw std::logic_error{"a head needs no body"}; }

 private:
  std::optional<std::uint64_t> length_;
};

http::Response made_by_pieces(std::optional<std::uint64_t> length) {
  return {.body = std::make_unique<Pieces>(length)};
}

std::string head_of(const http::Response& response, const Ending& ending) {
  std::string out;
  EXPECT_TRUE(append_head(out, response, ending));
  return out;
}

TEST(ResponseText, a_producer_that_knows_its_length_has_it_written) {
  const auto response = made_by_pieces(5'000'000'000);
  EXPECT_NE(head_of(response, {.date = date}).find("\r\nContent-Length: 5000000000\r\n"), std::string::npos);
  EXPECT_EQ(body_end(response, {.date = date}), BodyEnd::length);
}

TEST(ResponseText, a_producer_that_does_not_is_sent_in_chunks_or_until_the_connection_ends) {
  const auto response = made_by_pieces(std::nullopt);
  const Ending modern{.date = date};
  const Ending old{.keep_alive = false, .takes_chunks = false, .date = date};
  EXPECT_EQ(head_of(response, modern),
            "HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 15:04:05 GMT\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(body_end(response, modern), BodyEnd::chunks);
  EXPECT_EQ(head_of(response, old),
            "HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 15:04:05 GMT\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(body_end(response, old), BodyEnd::close);
}

TEST(ResponseText, the_head_alone_of_a_producer_says_no_more_than_is_known) {
  const Ending head{.is_head = true, .date = date};
  EXPECT_EQ(head_of(made_by_pieces(std::nullopt), head),
            "HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 15:04:05 GMT\r\n\r\n");
  EXPECT_NE(head_of(made_by_pieces(7), head).find("Content-Length: 7\r\n"), std::string::npos);
}

TEST(ResponseText, a_chunk_is_its_length_in_hexadecimal_and_its_bytes) {
  std::string out;
  append_chunk_head(out, 0x1f00a);
  EXPECT_EQ(out, "1f00a\r\n");
}

TEST(ResponseText, a_field_with_a_line_break_is_not_written) {
  for (const char* value : {"a\r\nSet-Cookie: b", "a\n", "\r", "a\x7f"}) {
    http::Response response = hello();
    response.headers.add("Location", value);
    std::string out;
    EXPECT_FALSE(append_head(out, response, {.date = date}));
    EXPECT_TRUE(out.empty());
  }
  for (const char* name : {"", "a b", "a:", "a\r\n"}) {
    http::Response response = hello();
    response.headers.add(name, "v");
    std::string out;
    EXPECT_FALSE(append_head(out, response, {.date = date})) << name;
  }
}

TEST(ResponseText, a_status_out_of_range_is_not_written) {
  std::string out;
  for (const int status : {0, 100, 199, 600})
    EXPECT_FALSE(append_head(out, http::Response{.status = status}, {.date = date}));
}

TEST(DateText, is_http_date_and_follows_the_clock) {
  DateText dates;
  EXPECT_EQ(dates.at(from_micros(784'111'777'000'000)), "Sun, 06 Nov 1994 08:49:37 GMT");  // RFC 9110's own example
  EXPECT_EQ(dates.at(from_micros(784'111'777'999'999)), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(dates.at(from_micros(784'111'778'000'000)), "Sun, 06 Nov 1994 08:49:38 GMT");
}

}  // namespace
}  // namespace cardea::edge
