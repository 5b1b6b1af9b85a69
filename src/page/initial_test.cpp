#include <gtest/gtest.h>

#include "page/page.hpp"

namespace cardea::page {
namespace {

TEST(Initial, is_the_first_character_of_any_script) {
  EXPECT_EQ(initial("Ada Lovelace"), "A");
  EXPECT_EQ(initial("Çiğdem"), "Ç");
  EXPECT_EQ(initial("李静"), "李");
  EXPECT_EQ(initial("مريم"), "م");
  EXPECT_EQ(initial("🦊 Fox"), "🦊");
}

TEST(Initial, keeps_the_marks_of_its_character) {
  EXPECT_EQ(initial("q\u0308uerfeld"), "q\u0308");
  EXPECT_EQ(initial("葛\U000E0100城"), "葛\U000E0100");
  EXPECT_EQ(initial("👩\U0001F3FD pilot"), "👩\U0001F3FD");
}

TEST(Initial, of_nothing_is_nothing) {
  EXPECT_EQ(initial(""), "");
  EXPECT_EQ(initial("\xC3"), "");
}

}  // namespace
}  // namespace cardea::page
