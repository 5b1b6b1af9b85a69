#include "edge/framing.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "edge/head_parser.hpp"
#include "http/problem.hpp"

namespace cardea::edge {
namespace {

/// What becomes of a head, from the wire to the verdict.
Verdict receive(std::string_view text) {
  const Scan scan = scan_head(text, 0);
  if (scan.state != Scan::State::complete) return {.refusal = &http::malformed_request};
  http::Headers fields;
  HeadParser parser{fields};
  if (const ErrorKind* refusal = parser.parse(text.substr(0, scan.at))) return {.refusal = refusal};
  return judge({.method = parser.method(), .target = parser.target(), .version = parser.version(), .fields = fields},
               read_target(parser.method(), parser.target()));
}

int status(std::string_view text) {
  const Verdict verdict = receive(text);
  return verdict.refusal == nullptr ? 200 : verdict.refusal->status;
}

struct Case {
  const char* name;
  std::string text;
  int status;
};

void PrintTo(const Case& example, std::ostream* out) { *out << example.name; }

std::string get(const std::string& fields) { return "GET / HTTP/1.1\r\n" + fields + "\r\n"; }
std::string post(const std::string& fields) { return "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n"; }

class Framing : public testing::TestWithParam<Case> {};

TEST_P(Framing, verdict) { EXPECT_EQ(status(GetParam().text), GetParam().status) << GetParam().text; }

const std::vector<Case> accepted{
    {"plain_get", get("Host: a\r\n"), 200},
    {"host_with_port", get("Host: a.example:8025\r\n"), 200},
    {"host_ipv6", get("Host: [::1]:8025\r\n"), 200},
    {"get_of_length_zero", get("Host: a\r\nContent-Length: 0\r\n"), 200},
    {"post_with_length", post("Content-Length: 5\r\n"), 200},
    {"post_without_length_is_empty", post(""), 200},
    {"length_with_spaces_around", post("Content-Length:  5 \r\n"), 200},
    {"query", "GET /a?b=c&d=%20 HTTP/1.1\r\nHost: a\r\n\r\n", 200},
    {"absolute_form", "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 200},
    {"asterisk_form", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 200},
    {"http_1_0_without_host", "GET / HTTP/1.0\r\n\r\n", 200},
    {"connection_options", get("Host: a\r\nConnection: keep-alive, ,x\r\n"), 200},
    {"value_with_latin_1", get("Host: a\r\nX: \xe4\tb\r\n"), 200},
    {"empty_value", get("Host: a\r\nX:\r\nY: \t \r\n"), 200},
    {"upgrade_is_ignored", get("Host: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n"), 200},
    {"expect_continue", post("Expect: 100-Continue\r\nContent-Length: 5\r\n"), 200},
    {"delete_with_body", "DELETE / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n", 200},
};

const std::vector<Case> with_coding{
    {"chunked", post("Transfer-Encoding: chunked\r\n"), 200},
    {"odd_case", post("tRANSFER-eNCODING: Chunked\r\n"), 200},
    {"tab_before_coding", post("Transfer-Encoding:\tchunked\r\n"), 200},
    {"chunked_delete", "DELETE / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 200},
    {"chunked_options", "OPTIONS / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 200},
    {"chunked_and_length", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400},
    {"length_and_chunked", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400},
    {"chunked_and_length_zero", post("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n"), 400},
    {"other_coding_and_length", post("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n"), 400},
    {"chunked_twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400},
    {"chunked_and_another", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n"), 400},
    {"another_and_chunked", post("Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n"), 400},
    {"empty_coding", post("Transfer-Encoding:\r\n"), 400},
    {"chunked_http_1_0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
    {"other_coding_http_1_0", "POST / HTTP/1.0\r\nTransfer-Encoding: gzip\r\n\r\n", 400},
    {"chunked_get", get("Host: a\r\nTransfer-Encoding: chunked\r\n"), 400},
    {"chunked_head", "HEAD / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
    {"unknown_coding", post("Transfer-Encoding: xchunked\r\n"), 501},
    {"identity", post("Transfer-Encoding: identity\r\n"), 501},
    {"gzip", post("Transfer-Encoding: gzip\r\n"), 501},
    {"gzip_chunked", post("Transfer-Encoding: gzip, chunked\r\n"), 501},
    {"chunked_gzip", post("Transfer-Encoding: chunked, gzip\r\n"), 501},
    {"chunked_chunked", post("Transfer-Encoding: chunked, chunked\r\n"), 501},
    {"chunked_with_comma", post("Transfer-Encoding: chunked,\r\n"), 501},
    {"chunked_with_parameter", post("Transfer-Encoding: chunked;q=1\r\n"), 501},
    {"chunked_in_quotes", post("Transfer-Encoding: \"chunked\"\r\n"), 501},
    {"chunked_behind_a_control",
     post("Transfer-Encoding: \x0b"
          "chunked\r\n"),
     400},
};

const std::vector<Case> refused{
    {"space_before_colon", post("Transfer-Encoding : chunked\r\n"), 400},
    {"two_lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n"), 400},
    {"same_length_twice", post("Content-Length: 5\r\nContent-Length: 5\r\n"), 400},
    {"length_list", post("Content-Length: 5, 5\r\n"), 400},
    {"length_plus", post("Content-Length: +5\r\n"), 400},
    {"length_minus", post("Content-Length: -5\r\n"), 400},
    {"length_hex", post("Content-Length: 0x5\r\n"), 400},
    {"length_octal", post("Content-Length: 05\r\n"), 400},
    {"length_empty", post("Content-Length:\r\n"), 400},
    {"length_too_long", post("Content-Length: 1000000000000000\r\n"), 400},
    {"length_overflow", post("Content-Length: 18446744073709551617\r\n"), 400},
    {"no_host", get(""), 400},
    {"two_hosts", get("Host: a\r\nHost: a\r\n"), 400},
    {"empty_host", get("Host:\r\n"), 400},
    {"host_list", get("Host: a, b\r\n"), 400},
    {"host_with_user", get("Host: a@b\r\n"), 400},
    {"host_with_path", get("Host: a/b\r\n"), 400},
    {"folded", get("Host: a\r\nX: b\r\n c\r\n"), 400},
    {"folded_tab", get("Host: a\r\nX: b\r\n\tc\r\n"), 400},
    {"folded_first", get(" Host: a\r\n"), 400},
    {"bare_lf", "GET / HTTP/1.1\nHost: a\n\n", 400},
    {"one_bare_lf", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", 400},
    {"bare_lf_at_end", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400},
    {"bare_cr", "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", 400},
    {"nul", get(std::string{"Host: a\r\nX: b"} + '\0' + "c\r\n"), 400},
    {"field_without_colon", get("Host: a\r\nX\r\n"), 400},
    {"field_without_name", get("Host: a\r\n: b\r\n"), 400},
    {"name_with_space", get("Host: a\r\nX Y: b\r\n"), 400},
    {"name_with_latin_1", get("Host: a\r\nX\xe4: b\r\n"), 400},
    {"name_with_control", get("Host: a\r\nX\x01: b\r\n"), 400},
    {"value_with_del", get("Host: a\r\nX: b\x7f\r\n"), 400},
    {"value_with_escape", get("Host: a\r\nX: \x1b[0m\r\n"), 400},
    {"two_carriage_returns", get("Host: a\r\nX: b\r\r\n"), 400},
    {"connection_option_with_space", get("Host: a\r\nConnection: clo se\r\n"), 400},
    {"connection_option_in_quotes", get("Host: a\r\nConnection: \"close\"\r\n"), 400},
    {"no_target", "GET HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"empty_target", "GET  HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"no_method", " / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"target_with_space", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"target_with_tab", "GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"tabs_in_the_request_line", "GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"http_1_11", "GET / HTTP/1.11\r\nHost: a\r\n\r\n", 400},
    {"bare_cr_in_the_request_line", "GET / HTTP/1.1\r \r\nHost: a\r\n\r\n", 400},
    {"body_on_get", get("Host: a\r\nContent-Length: 5\r\n"), 400},
    {"body_on_head", "HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", 400},
    {"http_0_9", "GET /\r\n\r\n", 400},
    {"http_2", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 400},
    {"http_1_2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 400},
    {"http_lower_case", "GET / http/1.1\r\nHost: a\r\n\r\n", 400},
    {"http_2_preface", "PRI * HTTP/2.0\r\n\r\n", 400},
    {"two_spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"trailing_space", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400},
    {"leading_line_break", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"asterisk_form_of_get", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"absolute_form_with_user", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"absolute_form_without_host", "GET http://a/ HTTP/1.1\r\n\r\n", 400},
    {"absolute_form_and_two_hosts", "GET http://a/ HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
    {"authority_form_of_get", "GET a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"fragment", "GET /#a HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"raw_utf8", "GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"unknown_expectation", post("Expect: 200-ok\r\nContent-Length: 5\r\n"), 400},
    {"method_with_bad_character", "GE{T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"garbage", "\x16\x03\x01\x02\r\n\r\n", 400},
    {"unknown_method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 405},
    {"lower_case_method", "get / HTTP/1.1\r\nHost: a\r\n\r\n", 405},
    {"authority_form", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 405},
    {"trace", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 405},
};

std::string name_of(const testing::TestParamInfo<Case>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(is_accepted, Framing, testing::ValuesIn(accepted), name_of);
INSTANTIATE_TEST_SUITE_P(has_a_coding, Framing, testing::ValuesIn(with_coding), name_of);
INSTANTIATE_TEST_SUITE_P(is_refused, Framing, testing::ValuesIn(refused), name_of);

TEST(FramingLimits, the_hundredth_field_is_the_last) {
  std::string fields = "Host: a\r\n";
  for (std::size_t i = 1; i < max_field_count; ++i) fields += "X: b\r\n";
  EXPECT_EQ(status(get(fields)), 200);
  EXPECT_EQ(status(get(fields + "X: b\r\n")), 431);
}

TEST(FramingVerdict, a_connection_is_kept_unless_someone_says_otherwise) {
  EXPECT_TRUE(receive(get("Host: a\r\n")).keep_alive);
  EXPECT_FALSE(receive(get("Host: a\r\nConnection: close\r\n")).keep_alive);
  EXPECT_FALSE(receive(get("Host: a\r\nConnection: x, Close\r\n")).keep_alive);
  EXPECT_FALSE(receive("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keep_alive);
}

TEST(FramingVerdict, length_and_expectation_are_reported) {
  const Verdict verdict = receive(post("Expect: 100-continue\r\nContent-Length: 512\r\n"));
  EXPECT_EQ(verdict.content_length, 512U);
  EXPECT_TRUE(verdict.expects_continue);
  EXPECT_FALSE(receive(post("Content-Length: 512\r\n")).expects_continue);
}

TEST(FramingScan, a_head_is_found_wherever_the_reads_cut_it) {
  const std::string head = get("Host: a\r\nX: b\r\n");
  const std::string text = head + "next";
  for (std::size_t cut = 0; cut < head.size(); ++cut) {
    const Scan first = scan_head(std::string_view{text}.substr(0, cut), 0);
    ASSERT_EQ(first.state, Scan::State::incomplete) << cut;
    const Scan second = scan_head(text, first.at);
    ASSERT_EQ(second.state, Scan::State::complete) << cut;
    ASSERT_EQ(second.at, head.size()) << cut;
  }
}

TEST(FramingVerdict, chunks_are_reported_instead_of_a_length) {
  const Verdict verdict = receive(post("Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n"));
  EXPECT_TRUE(verdict.is_chunked);
  EXPECT_EQ(verdict.content_length, 0U);
  EXPECT_TRUE(verdict.expects_continue);
  EXPECT_FALSE(receive(post("Content-Length: 5\r\n")).is_chunked);
}

RC_GTEST_PROP(FramingProperty, no_transfer_coding_but_chunked_is_accepted, (const std::string& noise)) {
  std::string value;
  for (const char c : noise) value += c >= ' ' && c < '\x7f' ? c : '_';
  RC_ASSERT(status(post("Content-Length: 5\r\nTransfer-Encoding: " + value + "\r\n")) == 400);
  RC_ASSERT(status(post("Transfer-Encoding: " + value + "_\r\n")) == 501);
}

}  // namespace
}  // namespace cardea::edge
