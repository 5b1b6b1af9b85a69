#include "edge/http2_head.hpp"

#include <gtest/gtest.h>

#include "http/problem.hpp"
#include "tests/support/http2_frames.hpp"

namespace cardea::edge {
namespace {

namespace h2 = testing_support::http2;
using h2::Fields, h2::head_of;
using h2::operator+;

struct Read {
  http::Request request;
  int status;  // 0: not refused
};

Read read(const Fields& fields) {
  Http2Head head;
  for (const auto& [name, value] : fields) head.add(name, value);
  Read read;
  const Verdict verdict = head.read_into(read.request);
  read.status = verdict.refusal == nullptr ? 0 : verdict.refusal->status;
  return read;
}

Fields without(Fields fields, std::string_view name) {
  std::erase_if(fields, [name](const auto& field) { return field.first == name; });
  return fields;
}

const Fields usual = head_of("GET", "/a%20b?c=d");

TEST(Http2Head, becomes_a_request_like_any_other) {
  const Read one = read(usual + Fields{{"accept", "text/html"}});
  EXPECT_EQ(one.status, 0);
  EXPECT_EQ(one.request.method, http::Method::get);
  EXPECT_EQ(one.request.target, "/a%20b?c=d");
  EXPECT_EQ(one.request.path, "/a b");
  EXPECT_EQ(one.request.query, "c=d");
  EXPECT_EQ(one.request.headers.get("Host"), "a");
  EXPECT_EQ(one.request.headers.get("Accept"), "text/html");
  EXPECT_EQ(read(head_of("OPTIONS", "*")).request.path, "*");
}

TEST(Http2Head, cookies_in_pieces_are_one_field) {
  const Read one = read(usual + Fields{{"cookie", "a=1"}, {"x", "y"}, {"cookie", "b=2"}, {"cookie", "c=3"}});
  EXPECT_EQ(one.request.headers.get("Cookie"), "a=1; b=2; c=3");
  const auto& fields = one.request.headers.fields();
  EXPECT_EQ(std::ranges::count(fields, "Cookie", &http::Header::name), 1);
}

TEST(Http2Head, authority_and_host_name_one_host) {
  const Fields none = without(usual, ":authority");
  struct Case {
    Fields fields;
    int status;
    std::string_view host = "";
  };
  const Case cases[]{
      {none + Fields{{"host", "b"}}, 0, "b"},
      {none, 400},
      {usual + Fields{{"host", "a"}}, 0, "a"},
      {usual + Fields{{"host", "A:443"}}, 0, "a"},
      {usual + Fields{{"host", "a:80"}}, 400},
      {usual + Fields{{"host", "b"}}, 400},
      {usual + Fields{{"host", ""}}, 400},
      {usual + Fields{{"host", "a"}, {"host", "a"}}, 400},
      {none + Fields{{"host", "b"}, {"host", "b"}}, 400},
      {none + Fields{{":authority", "me@a"}}, 400},
      {none + Fields{{":authority", "a/b"}}, 400},
      {none + Fields{{":authority", std::string(300, 'a')}}, 400},
  };
  for (const Case& one : cases) {
    const Read seen = read(one.fields);
    EXPECT_EQ(seen.status, one.status) << h2::block(one.fields);
    if (one.status == 0) EXPECT_EQ(seen.request.headers.get("Host"), one.host);
  }
}

TEST(Http2Head, targets_hold_no_surprise) {
  struct Case {
    const char* path;
    int status;
  };
  const Case cases[]{{"/", 0},         {"/a?b=c", 0},   {"http://b/", 400}, {"https://a/", 400}, {"", 400},
                     {"a", 400},       {"*", 400},      {"//b/c", 400},     {"/a#b", 400},       {"/a b", 400},
                     {"/a/../b", 400}, {"/a%2fb", 400}, {"/a%00", 400},     {"/\xc3\xa9", 400},  {"?a", 400},
                     {"/a%zz", 400},   {"/a\x7f", 400}, {"a:80", 400}};
  for (const Case& one : cases) EXPECT_EQ(read(head_of("GET", one.path)).status, one.status) << one.path;
}

TEST(Http2Head, methods_and_schemes_are_those_we_know) {
  EXPECT_EQ(read(head_of("BREW", "/")).status, 405);
  EXPECT_EQ(read(head_of("get", "/")).status, 405);
  EXPECT_EQ(read({{":method", "CONNECT"}, {":authority", "a:443"}}).status, 405);
  const Fields none = without(usual, ":scheme");
  EXPECT_EQ(read(none + Fields{{":scheme", "http"}}).status, 0) << "what a proxy took over plain HTTP";
  EXPECT_EQ(read(none + Fields{{":scheme", "ftp"}}).status, 400);
}

TEST(Http2Head, means_of_framing_are_judged_as_over_http_1) {
  EXPECT_EQ(read(usual + Fields{{"content-length", "5"}}).status, 400) << "a GET with a body";
  EXPECT_EQ(read(head_of("POST", "/") + Fields{{"content-length", "05"}}).status, 400);
  EXPECT_EQ(read(head_of("POST", "/") + Fields{{"transfer-encoding", "chunked"}}).status, 400);
  EXPECT_EQ(read(head_of("POST", "/") + Fields{{"expect", "100-continue"}}).status, 0);
  EXPECT_EQ(read(head_of("POST", "/") + Fields{{"expect", "a miracle"}}).status, 400);
}

TEST(Http2Head, size_and_count_have_the_limits_of_http_1) {
  EXPECT_EQ(read(usual + Fields{{"x", std::string(max_head_size - 400, 'y')}}).status, 0);
  EXPECT_EQ(read(usual + Fields{{"x", std::string(max_head_size, 'y')}}).status, 431);
  EXPECT_EQ(read(usual + Fields(max_field_count - 1, {"x", "y"})).status, 0);
  EXPECT_EQ(read(usual + Fields(max_field_count + 1, {"x", "y"})).status, 431);
  EXPECT_EQ(read(usual + Fields(200, {"cookie", "a=b"})).status, 0) << "pieces of one field";
  EXPECT_EQ(read(usual + Fields(500, {"cookie", "a=b"})).status, 431);
  EXPECT_EQ(read(usual + Fields{{"x", std::string(max_head_size, 'y')}}).request.path, "/a b") << "it is known where";
}

}  // namespace
}  // namespace cardea::edge
