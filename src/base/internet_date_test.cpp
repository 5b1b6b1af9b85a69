#include "base/internet_date.hpp"

#include <gtest/gtest.h>

namespace cardea {
namespace {

TEST(InternetDate, has_two_digits_everywhere_and_english_names) {
  EXPECT_EQ(internet_date(from_micros(1'795'435'200'000'000)), "Mon, 23 Nov 2026 12:00:00");
  EXPECT_EQ(internet_date(from_micros(951'782'401'999'999)), "Tue, 29 Feb 2000 00:00:01");
}

}  // namespace
}  // namespace cardea
