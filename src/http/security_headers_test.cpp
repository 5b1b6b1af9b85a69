#include "http/security_headers.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.hpp"

namespace cardea::http {
namespace {

TEST(SecurityHeaders, what_a_handler_set_stands_and_stands_once) {
  const std::vector<Header> own{{"content-security-policy", "default-src 'none'; sandbox"},
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
