#include <array>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "page/page.hpp"

namespace cardea::page {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view home = "/account";

/// What browsers, proxies and other parsers have been talked into taking for another origin or a script.
constexpr std::array ways_out{""sv,
                              " "sv,
                              "account"sv,
                              "./account"sv,
                              "../account"sv,
                              "?x=1"sv,
                              "#x"sv,
                              "*"sv,
                              "//evil.example"sv,
                              "///evil.example"sv,
                              "////evil.example"sv,
                              "//evil.example/%2e%2e"sv,
                              "//@evil.example"sv,
                              "//127.0.0.1"sv,
                              "//[::1]/"sv,
                              "/\\evil.example"sv,
                              "\\\\evil.example"sv,
                              "\\/evil.example"sv,
                              "/\\/evil.example"sv,
                              "\\evil.example"sv,
                              "/a\\..\\..\\evil"sv,
                              "/a//evil.example"sv,
                              "/a/..//evil.example"sv,
                              "/.."sv,
                              "/../x"sv,
                              "/a/../b"sv,
                              "/./a"sv,
                              "/a/."sv,
                              "/..//evil.example"sv,
                              "/.//evil.example"sv,
                              "/%2e%2e//evil.example"sv,
                              "/%2E%2e/x"sv,
                              "/%2f%2fevil.example"sv,
                              "/%2Fevil.example"sv,
                              "/%5cevil.example"sv,
                              "/%5C%5Cevil.example"sv,
                              "/\t/evil.example"sv,
                              "\t//evil.example"sv,
                              "/\n/evil.example"sv,
                              "\r\n//evil.example"sv,
                              "/a\r\nSet-Cookie: a=b"sv,
                              "/a\nLocation: //evil"sv,
                              "/%0d%0aSet-Cookie:a=b"sv,
                              "/%0A/evil.example"sv,
                              "/%09/evil.example"sv,
                              "/%00/evil.example"sv,
                              "/a\0b"sv,
                              "/%"sv,
                              "/%2"sv,
                              "/%zz"sv,
                              "/a b"sv,
                              " /account"sv,
                              "/account "sv,
                              "\x01/account"sv,
                              "/\x7f"sv,
                              "/%7f"sv,
                              "https://evil.example"sv,
                              "http:evil.example"sv,
                              "https:/\\evil.example"sv,
                              "HTTPS://evil.example"sv,
                              "https://auth.example@evil.example"sv,
                              "javascript:alert(1)"sv,
                              "JaVaScRiPt:alert(1)"sv,
                              "java\nscript:alert(1)"sv,
                              "data:text/html,x"sv,
                              "vbscript:x"sv,
                              "blob:x"sv,
                              "file:///etc/passwd"sv,
                              "mailto:a@b"sv,
                              "/\"onload=x"sv,
                              "/<script>"sv,
                              "/a|b"sv,
                              "/a`b"sv,
                              "/a^b"sv,
                              "/{a}"sv,
                              "/[a]"sv,
                              "/\xe2\x80\x8b/evil.example"sv,
                              "/\xef\xbc\x8f\xef\xbc\x8f"
                              "evil.example"sv,
                              "\xe2\x80\xa8//evil.example"sv};

std::string next(std::string_view text) { return safe_next(std::string{text}, home); }

TEST(SafeNext, paths_of_this_origin_are_kept) {
  for (const std::string_view path : {"/", "/account", "/account/notes/01JD9QF8", "/users?sort=-coins&after=AAAB",
                                      "/account?x=1#password", "/a:b", "/@ada", "/users?q=a%20b", "/na%C3%AFve",
                                      "/~ada/(1)!", "/a?next=https%3A%2F%2Fevil.example", "/a?b=c//d", "/a;b=c"}) {
    EXPECT_EQ(next(path), path);
  }
}

TEST(SafeNext, absent_is_the_fallback) { EXPECT_EQ(safe_next(std::nullopt, home), home); }

TEST(SafeNext, whatever_could_leave_this_origin_is_the_fallback) {
  for (const std::string_view path : ways_out) EXPECT_EQ(next(path), home) << path;
}

TEST(SafeNext, an_endless_path_is_the_fallback) {
  EXPECT_EQ(next("/" + std::string(1999, 'a')).size(), 2000U);
  EXPECT_EQ(next("/" + std::string(2000, 'a')), home);
}

RC_GTEST_PROP(SafeNext, result_always_starts_with_exactly_one_slash_and_has_no_control, (const std::string& tail)) {
  const auto path = next("/" + tail);
  RC_ASSERT(path.front() == '/');
  RC_ASSERT(path.size() == 1 || (path[1] != '/' && path[1] != '\\'));
  for (const char c : path) RC_ASSERT(c > 0x20 && c < 0x7f && c != '\\');
}

TEST(Redirect, is_303_to_the_path) {
  const auto response = redirect("/account?x=1");
  EXPECT_EQ(response.status, 303);
  EXPECT_EQ(response.headers.get("Location"), "/account?x=1");
}

TEST(Redirect, a_path_that_leads_elsewhere_is_a_bug) {
  EXPECT_THROW((void)redirect("//evil.example"), std::invalid_argument);
  EXPECT_THROW((void)redirect("/a\r\nX: y"), std::invalid_argument);
}

}  // namespace
}  // namespace cardea::page
