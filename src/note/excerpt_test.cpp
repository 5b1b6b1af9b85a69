#include <gtest/gtest.h>

#include "encoding/unicode.hpp"
#include "note/excerpt.hpp"

namespace cardea::note {
namespace {

std::string repeated(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

TEST(Excerpt, short_text_stays_whole) {
  for (const std::string text : {"", "one", "one\ntwo\n", "é"}) {
    EXPECT_EQ(excerpt_of(text).text, text);
    EXPECT_FALSE(excerpt_of(text).is_cut) << text;
  }
}

TEST(Excerpt, long_text_is_cut_between_characters) {
  const auto cut = excerpt_of(repeated("é", 10'000));
  EXPECT_TRUE(cut.is_cut);
  EXPECT_TRUE(unicode::is_utf8(cut.text));
  EXPECT_EQ(unicode::length(cut.text), 601U);
}

TEST(Excerpt, many_lines_are_cut_between_lines) {
  const auto cut = excerpt_of(repeated("a\n", 5'000));
  EXPECT_TRUE(cut.is_cut);
  EXPECT_EQ(cut.text, repeated("a\n", 11) + "a…");
}

TEST(FirstWords, come_from_the_first_line_that_has_any) {
  EXPECT_EQ(first_words("\n  \n  Milk \nBread"), "Milk");
  EXPECT_EQ(first_words(" \n"), "");
}

TEST(FirstWords, are_sixty_characters_at_most) {
  EXPECT_EQ(first_words(repeated("ß", 60)), repeated("ß", 60));
  EXPECT_EQ(first_words(repeated("ß", 61)), repeated("ß", 60) + "…");
}

}  // namespace
}  // namespace cardea::note
