#include "edge/request_target.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace cardea::edge {
namespace {

struct Good {
  std::string_view method;
  std::string_view target;
  std::string_view path_and_query;
  std::string_view authority;
};

TEST(RequestTarget, is_read_in_every_form_that_names_something_here) {
  const std::vector<Good> cases{
      {"GET", "/", "/", ""},
      {"GET", "/a/b?c=d%20", "/a/b?c=d%20", ""},
      {"GET", "//a", "//a", ""},
      {"GET", "/http://b/", "/http://b/", ""},
      {"OPTIONS", "*", "*", ""},
      {"OPTIONS", "/", "/", ""},
      {"GET", "http://auth.example/v1/session", "/v1/session", "auth.example"},
      {"POST", "https://auth.example:443/v1/signin?a=b", "/v1/signin?a=b", "auth.example:443"},
      {"GET", "HTTP://Auth.Example/", "/", "Auth.Example"},
      {"GET", "hTtPs://[2001:db8::1]:8025/a", "/a", "[2001:db8::1]:8025"},
      {"GET", "http://auth.example", "/", "auth.example"},
      {"GET", "http://auth.example?a=b", "/?a=b", "auth.example"},
      {"GET", "http://auth.example/?a=http://b/", "/?a=http://b/", "auth.example"},
      {"OPTIONS", "http://auth.example", "*", "auth.example"},
      {"OPTIONS", "http://auth.example/", "/", "auth.example"},
      {"OPTIONS", "http://auth.example?a=b", "/?a=b", "auth.example"},
  };
  for (const Good& c : cases) {
    const auto target = read_target(c.method, c.target);
    ASSERT_TRUE(target) << c.target;
    EXPECT_EQ(target->path_and_query, c.path_and_query) << c.target;
    EXPECT_EQ(target->authority, c.authority) << c.target;
  }
}

TEST(RequestTarget, is_refused_in_every_other) {
  for (const std::string_view target : {"",
                                        "*",
                                        "**",
                                        "*/",
                                        "a",
                                        "a:443",
                                        "auth.example:443",
                                        "auth.example/",
                                        "http:",
                                        "http:/",
                                        "http://",
                                        "http:///a",
                                        "http://?a",
                                        "http:/a/b",
                                        "http:a",
                                        "http//a/",
                                        "ftp://a/",
                                        "ws://a/",
                                        "file:///a",
                                        "javascript:1",
                                        "http://u@a/",
                                        "http://u:p@a/",
                                        "http://a\\b/",
                                        "http://a b/",
                                        "http://a%20b/",
                                        "http://a,b/",
                                        "http://a/#b",
                                        "http://a#b",
                                        "/#a",
                                        "/ a",
                                        "/\xc3\xa4",
                                        "/\x7f",
                                        "http://\xc3\xa4/"}) {
    EXPECT_FALSE(read_target("GET", target)) << target;
  }
  for (const std::string_view target : {"*?a=b", "*/a", "a:443"})
    EXPECT_FALSE(read_target("OPTIONS", target)) << target;
  EXPECT_FALSE(read_target("CONNECT", "auth.example:443"));
  EXPECT_FALSE(read_target("GET", "http://" + std::string(256, 'a') + "/"));
}

}  // namespace
}  // namespace cardea::edge
