#include "http/security_headers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace cardea::http {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

constexpr std::string_view permissions =
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), "
    "gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), "
    "publickey-credentials-create=(self), publickey-credentials-get=(self), screen-wake-lock=(), usb=(), "
    "xr-spatial-tracking=()";

/// Every header of a response with a body of this type, in order.
std::vector<std::pair<std::string, std::string>> headers_of(std::string_view type, Reach reach) {
  Response response{.body = "text"};
  response.headers.add("Content-Type", type);
  add_security_headers(response, reach);
  std::vector<std::pair<std::string, std::string>> all;
  for (const Header& field : response.headers.fields()) all.emplace_back(field.name, field.value);
  return all;
}

void expect_headers(std::string_view type, Reach reach, const std::vector<Pair>& expected) {
  const auto found = headers_of(type, reach);
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(found[i].first, expected[i].first);
    EXPECT_EQ(found[i].second, expected[i].second) << expected[i].first;
  }
}

TEST(SecurityHeaders, of_a_page_are_these_and_no_others) {
  expect_headers("text/html", Reach::same_origin,
                 {{"Content-Type", "text/html; charset=utf-8"},
                  {"Cache-Control", "no-store"},
                  {"Content-Security-Policy",
                   "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
                   "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
                   "require-trusted-types-for 'script'; trusted-types 'none'"},
                  {"Cross-Origin-Opener-Policy", "same-origin"},
                  {"Cross-Origin-Resource-Policy", "same-origin"},
                  {"Referrer-Policy", "no-referrer"},
                  {"X-Content-Type-Options", "nosniff"},
                  {"Permissions-Policy", permissions}});
}

TEST(SecurityHeaders, of_the_api_are_these_and_no_others) {
  expect_headers("application/json", Reach::cross_origin,
                 {{"Content-Type", "application/json"},
                  {"Cache-Control", "no-store"},
                  {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
                  {"Cross-Origin-Opener-Policy", "same-origin"},
                  {"Cross-Origin-Resource-Policy", "cross-origin"},
                  {"Referrer-Policy", "no-referrer"},
                  {"X-Content-Type-Options", "nosniff"}});
}

TEST(SecurityHeaders, what_a_handler_set_stands_and_stands_once) {
  const std::vector<Pair> own{{"content-security-policy", "default-src 'none'; sandbox"},
                              {"Cross-Origin-Resource-Policy", "same-origin"},
                              {"X-Content-Type-Options", "nosniff"},
                              {"Cache-Control", "private, no-store"}};
  Response response{.body = "bytes"};
  for (const auto& [name, value] : own) response.headers.add(name, value);
  add_security_headers(response, Reach::cross_origin);
  for (const auto& [name, value] : own) {
    EXPECT_EQ(response.headers.get(name), value);
    const auto& fields = response.headers.fields();
    EXPECT_EQ(std::count_if(fields.begin(), fields.end(),
                            [&](const Header& field) { return text::equals_ignoring_case(field.name, name); }),
              1)
        << name;
  }
}

}  // namespace
}  // namespace cardea::http
