#include "totp/qr_code.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <vector>

namespace cardea::totp {
namespace {

/// The modules that a path paints: runs of "M<x> <y>h<n>v1H<x>z".
std::vector<std::string> drawn(const QrCode& code) {
  const auto size = static_cast<std::size_t>(code.size);
  std::vector<std::string> rows(size, std::string(size, '.'));
  for (std::size_t at = 0; at < code.path.size(); at = code.path.find('z', at) + 1) {
    std::size_t x = 0;
    std::size_t y = 0;
    std::size_t count = 0;
    EXPECT_EQ(std::sscanf(code.path.c_str() + at, "M%zu %zuh%zu", &x, &y, &count), 3);
    for (std::size_t i = 0; i < count; ++i) rows.at(y).at(x + i) = '#';
  }
  return rows;
}

TEST(QrCode, has_its_finders_and_a_quiet_zone) {
  const auto code = qr_code("otpauth://totp/auth.test:ann?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=auth.test");
  const auto rows = drawn(code);
  const auto size = static_cast<std::size_t>(code.size);
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t edge = 0; edge < 4; ++edge) {
      EXPECT_EQ(rows[edge][i], '.');
      EXPECT_EQ(rows[i][edge], '.');
      EXPECT_EQ(rows[size - 1 - edge][i], '.');
    }
  }
  for (const std::size_t left : {std::size_t{4}, size - 11}) {
    EXPECT_EQ(rows[4].substr(left, 7), "#######");
    EXPECT_EQ(rows[5].substr(left, 7), "#.....#");
    EXPECT_EQ(rows[7].substr(left, 7), "#.###.#");
  }
  EXPECT_EQ(rows[size - 5].substr(4, 7), "#######");
}

TEST(QrCode, path_holds_nothing_but_drawing) {
  const auto code = qr_code("\"><script>alert(1)</script>");
  EXPECT_EQ(code.path.find_first_not_of("MhvHz 0123456789"), std::string::npos);
}

TEST(QrCode, of_what_is_too_long_is_refused) {
  EXPECT_NO_THROW((void)qr_code(std::string(2'000, 'x')));
  EXPECT_THROW((void)qr_code(std::string(3'000, 'x')), std::runtime_error);
}

}  // namespace
}  // namespace cardea::totp
