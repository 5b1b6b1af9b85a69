#include "http/cookie.hpp"

#include <array>

#include <gtest/gtest.h>

namespace cardea::http {
namespace {

using namespace std::string_view_literals;

Request with_cookies(std::initializer_list<std::string_view> lines) {
  Request request;
  for (const std::string_view line : lines) request.headers.add("cookie", line);
  return request;
}

struct Case {
  std::string_view line;
  std::optional<std::string> value;
};

TEST(cookie, is_read_strictly) {
  const std::array cases{
      Case{"a=1", "1"},
      Case{"b=2; a=1", "1"},
      Case{"b=2;a=1;c=3", "1"},
      Case{"  a=1  ", "1"},
      Case{"a=", ""},
      Case{"a=b=c", "b=c"},
      Case{"", std::nullopt},
      Case{"a", std::nullopt},
      Case{"A=1", std::nullopt},
      Case{"aa=1", std::nullopt},
      Case{"b=a=1", std::nullopt},
      Case{"a =1", std::nullopt},
      Case{"a=1; a=2", std::nullopt},
      Case{"a=1; a=1", std::nullopt},
      Case{"a=\"1\"", std::nullopt},
      Case{"a=1 2", std::nullopt},
      Case{"a=1,2", std::nullopt},
      Case{"a=1\\2", std::nullopt},
      Case{"a=\xc3\xa9", std::nullopt},
      Case{"=a=1", std::nullopt},
      Case{";;; a=1", "1"},
  };
  for (const Case& c : cases) EXPECT_EQ(cookie(with_cookies({c.line}), "a"), c.value) << c.line;
}

TEST(cookie, planted_in_a_second_header_is_refused) {
  EXPECT_EQ(cookie(with_cookies({"a=1", "b=2"}), "b"), "2");
  EXPECT_EQ(cookie(with_cookies({"a=1", "a=2"}), "a"), std::nullopt);
}

TEST(cookie, is_written_with_safe_attributes) {
  EXPECT_EQ(set_cookie("__Host-c", "v", {}), "__Host-c=v; Path=/; Secure; HttpOnly; SameSite=Lax");
  EXPECT_EQ(set_cookie("c", "", {.max_age = std::chrono::seconds{0}, .same_site = SameSite::strict}),
            "c=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
  EXPECT_EQ(set_cookie("c", "v", {.max_age = std::chrono::hours{1}, .same_site = SameSite::none, .http_only = false}),
            "c=v; Path=/; Secure; SameSite=None; Partitioned; Max-Age=3600");
}

TEST(cookie, that_could_split_the_header_is_not_written) {
  for (const std::string_view value : {"a;b"sv, "a\r\nX: y"sv, "a b"sv, "a\0"sv, "a,b"sv, "\"a\""sv, "\xc3\xa9"sv}) {
    EXPECT_THROW((void)set_cookie("c", value, {}), std::invalid_argument) << value;
  }
  for (const std::string_view name : {""sv, "a b"sv, "a=b"sv, "a;b"sv, "a\n"sv, "a\0"sv, "\xc3\xa9"sv}) {
    EXPECT_THROW((void)set_cookie(name, "v", {}), std::invalid_argument) << name;
  }
}

}  // namespace
}  // namespace cardea::http
