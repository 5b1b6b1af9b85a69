#include "encoding/form.hpp"

#include <gtest/gtest.h>

#include <rapidcheck.h>

namespace cardea::encoding {
namespace {

using namespace std::string_literals;

std::string fields(std::string_view body) {
  const auto form = parse_urlencoded(body);
  return form.ok() ? wire::to_json(*form) : std::string{form.error().kind->code};
}

TEST(Form, reads_fields_as_browsers_send_them) {
  EXPECT_EQ(fields(""), "{}");
  EXPECT_EQ(fields("a=1&b=2"), R"({"a":"1","b":"2"})");
  EXPECT_EQ(fields("full+name=Zo%C3%AB+Lee%26Co"), R"({"full name":"Zoë Lee\u0026Co"})");
  EXPECT_EQ(fields("a=&b"), R"({"a":"","b":""})");
  EXPECT_EQ(fields("a=b=c"), R"({"a":"b=c"})");
  EXPECT_EQ(fields("a=%0d%0a%2B"), R"({"a":"\r\n+"})");
}

TEST(Form, refuses_what_has_two_readings) {
  for (const auto& body : {"a=1&a=2"s, "a=1&%61=2"s, "a=%"s, "a=%4"s, "a=%zz"s, "a=%00"s, "a=\0"s, "%00=1"s, "a=%ff"s,
                           "a=\xff"s, "=1"s, "a=1&"s, "&a=1"s, "a=1&&b=2"s, "&"s, "a=%ed%a0%80"s}) {
    EXPECT_EQ(fields(body), "malformed_form") << body;
  }
}

TEST(Form, has_at_most_a_hundred_fields) {
  std::string body = "f0=";
  for (int i = 1; i < 100; ++i) body += "&f" + std::to_string(i) + "=";
  EXPECT_TRUE(parse_urlencoded(body).ok());
  EXPECT_FALSE(parse_urlencoded(body + "&f100=").ok());
}

TEST(Percent, plus_is_a_space_only_in_forms) {
  EXPECT_EQ(percent_decode("a+b", true), "a b");
  EXPECT_EQ(percent_decode("a+b", false), "a+b");
  EXPECT_EQ(percent_encode("a b/ü~"), "a%20b%2F%C3%BC~");
}

TEST(Percent, encoding_reads_back) {
  EXPECT_TRUE(rc::check([](std::string text) {
    std::erase(text, '\0');
    RC_ASSERT(percent_decode(percent_encode(text), true) == text);
  }));
}

constexpr std::string_view type = "multipart/form-data; boundary=XX";

std::string part(std::string_view header, std::string_view content) {
  return "--XX\r\n" + std::string{header} + "\r\n\r\n" + std::string{content} + "\r\n";
}
std::string named(std::string_view name, std::string_view content) {
  return part("Content-Disposition: form-data; name=\"" + std::string{name} + "\"", content);
}

TEST(Multipart, reads_fields_and_files) {
  const std::string binary = "\x89PNG\r\n\0--XX\r\n-\r\n--X"s;
  const auto parts = parse_multipart(
      "Multipart/Form-Data; charset=utf-8; boundary=\"XX\"",
      named("title", "Hello\r\n") +
          part("content-disposition: form-data; name=\"image\"; filename=\"a b.png\"\r\nContent-Type: image/png",
               binary) +
          part("Content-Disposition: form-data; name=\"none\"; filename=\"\"", "") + "--XX--\r\n");
  ASSERT_TRUE(parts.ok()) << parts.error().detail;
  ASSERT_EQ(parts->size(), 3U);
  EXPECT_EQ((*parts)[0].name, "title");
  EXPECT_EQ((*parts)[0].filename, std::nullopt);
  EXPECT_EQ((*parts)[0].content, "Hello\r\n");
  EXPECT_EQ((*parts)[1].filename, "a b.png");
  EXPECT_EQ((*parts)[1].content, binary);
  EXPECT_EQ((*parts)[2].filename, "");
  EXPECT_EQ((*parts)[2].content, "");
}

TEST(Multipart, may_be_empty) {
  EXPECT_TRUE(parse_multipart(type, "--XX--\r\n").ok());
  EXPECT_TRUE(parse_multipart(type, "--XX--").ok());
}

TEST(Multipart, refuses_bad_content_types) {
  const std::string body = named("a", "1") + "--XX--\r\n";
  ASSERT_TRUE(parse_multipart(type, body).ok());
  for (const auto* bad : {"", "multipart/form-data", "multipart/mixed; boundary=XX", "multipart/form-data; boundary=",
                          "multipart/form-data; boundary=\"\"", "multipart/form-data; boundary=XX; boundary=XX",
                          "multipart/form-data; boundary=X X", "multipart/form-data; boundary",
                          "multipart/form-data; boundary=\"XX", "multipart/form-data; boundary=YY"}) {
    EXPECT_FALSE(parse_multipart(bad, body).ok()) << bad;
  }
  EXPECT_FALSE(
      parse_multipart("multipart/form-data; boundary=" + std::string(71, 'x'), "--" + std::string(71, 'x') + "--")
          .ok());
}

TEST(Multipart, refuses_bad_bodies) {
  const std::string disposition = "Content-Disposition: form-data; name=\"a\"";
  const std::string end = "--XX--\r\n";
  for (const auto& body :
       std::vector<std::string>{"",
                                "--XX",
                                "--XX\r\n",
                                "preamble\r\n" + named("a", "1") + end,
                                named("a", "1"),
                                named("a", "1") + end + "x",
                                named("a", "1") + end + "\r\n",
                                named("a", "1") + named("a", "2") + end,
                                named("", "1") + end,
                                part("Content-Type: text/plain", "1") + end,
                                part(disposition + "\r\n" + disposition, "1") + end,
                                part(disposition + "\r\nX-Other: 1", "1") + end,
                                part(disposition + "; name=\"b\"", "1") + end,
                                part(disposition + "; filename*=utf-8''x", "1") + end,
                                part(disposition + "; filename=\"a\"; filename=\"b\"", "1") + end,
                                part("Content-Disposition: attachment; name=\"a\"", "1") + end,
                                part("Content-Disposition: form-data; name=a", "1") + end,
                                part("Content-Disposition: form-data; name=\"a", "1") + end,
                                part("Content-Disposition: form-data; name=\"a\xff\"", "1") + end,
                                part("Content-Disposition: form-data; name=\"a\nb\"", "1") + end,
                                part("Content-Disposition: form-data; name=\"a\0b\""s, "1") + end,
                                part(disposition + "\r\n folded", "1") + end,
                                "--XX\r\n\r\n\r\n1\r\n" + end,
                                "--XX\n" + disposition + "\n\n1\n--XX--\n",
                                named("a", "1\r\n--XXY") + end,
                                part(disposition + "; filename=\"" + std::string(3000, 'x') + "\"", "1") + end}) {
    EXPECT_FALSE(parse_multipart(type, body).ok()) << testing::PrintToString(body);
  }
}

TEST(Multipart, has_at_most_thirty_two_parts) {
  std::string body;
  for (int i = 0; i < 32; ++i) body += named("f" + std::to_string(i), "");
  EXPECT_TRUE(parse_multipart(type, body + "--XX--").ok());
  EXPECT_FALSE(parse_multipart(type, body + named("f32", "") + "--XX--").ok());
}

}  // namespace
}  // namespace cardea::encoding
