#include "page/language.hpp"

#include <gtest/gtest.h>

namespace cardea::page {
namespace {

std::vector<const Language*> offer(std::initializer_list<std::string_view> tags) {
  std::vector<const Language*> offered;
  for (const auto tag : tags) offered.push_back(find_language(tag));
  return offered;
}

std::string_view best(std::string_view accept, std::initializer_list<std::string_view> tags) {
  const auto* language = best_language(accept, offer(tags));
  return language == nullptr ? "none" : language->tag;
}

TEST(BestLanguage, is_the_one_that_is_wanted_most) {
  EXPECT_EQ(best("de", {"en", "de"}), "de");
  EXPECT_EQ(best("fr;q=0.5, de;q=0.9, en;q=0.8", {"en", "de", "fr"}), "de");
  EXPECT_EQ(best("sw, ja;q=0.2", {"en", "ja"}), "ja");
  EXPECT_EQ(best("DE-at", {"en", "de"}), "de");
  EXPECT_EQ(best("en-GB,en;q=0.9,de;q=0.8", {"en", "de"}), "en");
}

TEST(BestLanguage, is_found_by_the_first_part_of_a_tag) {
  EXPECT_EQ(best("pt", {"en", "pt-BR"}), "pt-BR");
  EXPECT_EQ(best("pt-PT, en;q=0.5", {"en", "pt-BR"}), "pt-BR");
  EXPECT_EQ(best("zh-Hans-CN", {"en", "zh-CN"}), "zh-CN");
  EXPECT_EQ(best("ar-EG", {"ar", "en"}), "ar");
}

TEST(BestLanguage, of_two_that_are_wanted_alike_is_the_first) {
  EXPECT_EQ(best("ja, de", {"en", "de", "ja"}), "ja");
  EXPECT_EQ(best("ja;q=0.3, de;q=0.3", {"en", "de", "ja"}), "ja");
}

TEST(BestLanguage, is_none_when_nothing_that_is_offered_is_asked_for) {
  for (const std::string_view accept : {"", "*", "sw", "de;q=0", "de;q=0.000", ",;,", "de;q=2", "de;q=0.1234", "de;q=x",
                                        "de;q=", "de;level=1", "\xff\xfe", "dede", "d"}) {
    EXPECT_EQ(best(accept, {"en", "de"}), "none") << accept;
  }
  EXPECT_EQ(best("fr", {"en", "de"}), "none");
}

TEST(FindLanguage, takes_a_tag_in_any_case_and_nothing_else) {
  EXPECT_EQ(find_language("PT-br")->tag, "pt-BR");
  EXPECT_EQ(find_language("pt"), nullptr);
  EXPECT_EQ(find_language(""), nullptr);
  EXPECT_EQ(find_language("en\r\n"), nullptr);
}

TEST(Plural, forms_are_those_of_cldr) {
  const auto form = [](std::string_view tag, std::int64_t count) { return find_language(tag)->plural(count); };
  for (const auto* tag : {"en", "de", "es"}) {
    EXPECT_EQ(form(tag, 0), "other");
    EXPECT_EQ(form(tag, 1), "one");
    EXPECT_EQ(form(tag, 2), "other");
  }
  for (const auto* tag : {"fr", "pt-BR"}) {
    EXPECT_EQ(form(tag, 0), "one");
    EXPECT_EQ(form(tag, 1), "one");
    EXPECT_EQ(form(tag, 2), "other");
  }
  for (const auto* tag : {"ja", "zh-CN"}) EXPECT_EQ(form(tag, 1), "other");
  for (const auto& [count, expected] : {std::pair{0, "zero"},
                                        {1, "one"},
                                        {2, "two"},
                                        {3, "few"},
                                        {10, "few"},
                                        {11, "many"},
                                        {99, "many"},
                                        {100, "other"},
                                        {102, "other"},
                                        {103, "few"},
                                        {111, "many"}}) {
    EXPECT_EQ(form("ar", count), expected) << count;
  }
}

}  // namespace
}  // namespace cardea::page
