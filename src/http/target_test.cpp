#include <algorithm>
#include <array>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "http/message.hpp"

namespace cardea::http {
namespace {

using namespace std::string_view_literals;

struct Good {
  std::string_view target, path, query;
};

TEST(target, is_split_and_decoded_once) {
  constexpr std::array cases{
      Good{"/", "/", ""},
      Good{"/v1/session", "/v1/session", ""},
      Good{"/v1/session?", "/v1/session", ""},
      Good{"/a?b=c&d=%20", "/a", "b=c&d=%20"},
      Good{"/a?b=c?d", "/a", "b=c?d"},
      Good{"/a/?x", "/a/", "x"},
      Good{"/caf%C3%A9", "/caf\xc3\xa9", ""},
      Good{"/a%20b", "/a b", ""},
      Good{"/a+b", "/a+b", ""},
      Good{"/100%25", "/100%", ""},
      Good{"/%2541", "/%41", ""},
      Good{"/%252e%252e/x", "/%2e%2e/x", ""},
      Good{"/...", "/...", ""},
      Good{"/.well-known/jwks.json", "/.well-known/jwks.json", ""},
      Good{"/a..b/.c", "/a..b/.c", ""},
      Good{"/a;b=c,d:e@f!$&'()*~", "/a;b=c,d:e@f!$&'()*~", ""},
      Good{"/%F0%9F%94%91", "/\xf0\x9f\x94\x91", ""},
      Good{"/a?next=//evil/../%2e%2e", "/a", "next=//evil/../%2e%2e"},
  };
  for (const Good& good : cases) {
    std::string path, query;
    EXPECT_TRUE(parse_target(good.target, path, query)) << good.target;
    EXPECT_EQ(path, good.path);
    EXPECT_EQ(query, good.query);
  }
}

TEST(target, that_two_parsers_could_read_differently_is_refused) {  // NOLINT(shape): a table
  constexpr std::array cases{
      ""sv,
      "*"sv,
      "v1"sv,
      "http://h/v1"sv,
      "//h/v1"sv,
      "//"sv,
      "/a//b"sv,
      "/a//"sv,
      "/."sv,
      "/.."sv,
      "/a/."sv,
      "/a/.."sv,
      "/a/./b"sv,
      "/a/../b"sv,
      "/../a"sv,
      "/%2e"sv,
      "/%2e%2e"sv,
      "/%2E%2e/a"sv,
      "/.%2e/a"sv,
      "/a/%2e%2e"sv,
      "/a/%2e%2e/b"sv,
      "/a/%2e/b"sv,
      "/a%2fb"sv,
      "/a%2Fb"sv,
      "/%2f"sv,
      "/..%2fb"sv,
      "/a%5cb"sv,
      "/a%5Cb"sv,
      "/a\\b"sv,
      "/..\\b"sv,
      "/%00"sv,
      "/a%00.png"sv,
      "/a\0b"sv,
      "/a?b\0"sv,
      "/%"sv,
      "/%4"sv,
      "/%zz"sv,
      "/%4g"sv,
      "/%-1"sv,
      "/% 1"sv,
      "/a%"sv,
      "/a%u0041"sv,
      "/%c0%af"sv,
      "/%c0%ae%c0%ae"sv,
      "/%e0%80%af"sv,
      "/%f0%80%80%af"sv,
      "/%ff"sv,
      "/%c3"sv,
      "/%ed%a0%80"sv,
      "/%f4%90%80%80"sv,
      "/%80"sv,
      "/a b"sv,
      "/a\tb"sv,
      "/a\rb"sv,
      "/a\nb"sv,
      "/a%0db"sv,
      "/a%0a"sv,
      "/a%09"sv,
      "/a%7f"sv,
      "/a\x7f"sv,
      "/caf\xc3\xa9"sv,
      "/a?b c"sv,
      "/a?b\r\nX: y"sv,
      "/a#b"sv,
      "/a?b#c"sv,
      "/a?\xff"sv,
      "/a%1b[31m"sv,
      " /a"sv,
      "/a "sv,
      "?a"sv,
  };
  for (const std::string_view bad : cases) {
    std::string path, query;
    EXPECT_FALSE(parse_target(bad, path, query)) << bad;
    EXPECT_TRUE(path.empty()) << bad;
  }
}

TEST(target, never_yields_a_separator_or_control_it_did_not_show) {
  rc::check([](const std::string& text) {
    std::string path, query;
    const std::string target = "/" + text;
    if (!parse_target(target, path, query)) return;
    RC_ASSERT(path.starts_with('/'));
    RC_ASSERT(path.find("//") == std::string::npos);
    RC_ASSERT(path.find("/../") == std::string::npos);
    RC_ASSERT(path.find_first_of(std::string_view{"\0\r\n\\", 4}) == std::string::npos);
    RC_ASSERT(std::count(path.begin(), path.end(), '/') ==
              std::count(target.begin(),
                         target.begin() + static_cast<std::ptrdiff_t>(std::min(target.find('?'), target.size())), '/'));
  });
}

struct Query {
  std::string_view query, name;
  std::optional<std::string> value;
};

TEST(query, value_is_found_decoded_and_unique) {
  const std::array cases{
      Query{"a=1&b=2", "b", "2"},
      Query{"a=1&b=2", "c", std::nullopt},
      Query{"", "a", std::nullopt},
      Query{"a", "a", ""},
      Query{"a=", "a", ""},
      Query{"a=x%20y+z", "a", "x y z"},
      Query{"a=b=c", "a", "b=c"},
      Query{"a=1&a=2", "a", std::nullopt},
      Query{"a=1&%61=2", "a", std::nullopt},
      Query{"%61=2", "a", "2"},
      Query{"a=%zz", "a", std::nullopt},
      Query{"a=%c0%af", "a", std::nullopt},
      Query{"a=%00", "a", std::nullopt},
      Query{"&&a=1&&", "a", "1"},
      Query{"%zz=1&a=2", "a", "2"},
      Query{"ab=1&a=2", "a", "2"},
      Query{"A=1", "a", std::nullopt},
  };
  for (const Query& c : cases) EXPECT_EQ(query_value(c.query, c.name), c.value) << c.query;
}

TEST(query, has_right_escapes_and_nothing_twice) {
  for (const std::string_view good : {"", "a", "a=", "=", "&&a=1&&", "a=1&b=1", "a=b=c", "a=%C3%BC&A=+", "a=1&aa=1"}) {
    EXPECT_TRUE(is_query(good)) << good;
  }
  for (const std::string_view wrong : {"a=%", "a=%4", "a=%zz", "%zz=1", "a=%00", "a=%c0%af", "a=%ff", "b=1&a=%ff",
                                       "a=1&a=1", "a=1&b=2&%61=3", "a&a", "=1&=2"}) {
    EXPECT_FALSE(is_query(wrong)) << wrong;
  }
}

TEST(headers, compare_names_without_case_and_set_replaces_all) {
  Headers headers;
  headers.add("Vary", "a");
  headers.add("X", "1");
  headers.add("vARY", "b");
  EXPECT_EQ(headers.get("VARY"), "a");
  headers.set("vary", "c");
  EXPECT_EQ(headers.fields().size(), 2U);
  EXPECT_EQ(headers.get("Vary"), "c");
  EXPECT_FALSE(headers.has("Y"));
}

TEST(headers, keep_their_texts_when_they_are_moved_and_have_their_own_when_they_are_copied) {
  Headers copy;
  Headers moved;
  {
    Headers headers;
    for (int i = 0; i < 40; ++i) headers.add("Name-" + std::to_string(i), std::string(100, 'v') + std::to_string(i));
    headers.add(ConstantHeader{"Constant", "value"});
    copy = headers;
    headers.set("Name-0", "changed");
    moved = std::move(headers);
  }
  EXPECT_EQ(copy.get("Name-0"), std::string(100, 'v') + "0");
  EXPECT_EQ(moved.get("Name-0"), "changed");
  for (const Headers* each : {&copy, &moved}) {
    ASSERT_EQ(each->fields().size(), 41U);
    EXPECT_EQ(each->get("name-39"), std::string(100, 'v') + "39");
    EXPECT_TRUE(each->fields().back().is_constant);
  }
  const Headers& same = copy;
  copy = same;
  EXPECT_EQ(copy.get("Name-1"), std::string(100, 'v') + "1");
}

TEST(headers, that_were_constant_are_checked_once_they_are_set) {
  Headers headers;
  headers.add(ConstantHeader{"Content-Type", "text/plain"});
  headers.set("Content-Type", "text/plain; charset=utf-8");
  EXPECT_FALSE(headers.fields().front().is_constant);
  EXPECT_EQ(headers.get("Content-Type"), "text/plain; charset=utf-8");
}

TEST(method, is_read_exactly) {
  for (const auto text : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    const auto method = parse_method(text);
    ASSERT_TRUE(method);
    EXPECT_EQ(to_text(*method), text);
  }
  for (const auto text : {"get", "", "GET ", "TRACE", "CONNECT"}) EXPECT_FALSE(parse_method(text)) << text;
}

}  // namespace
}  // namespace cardea::http
