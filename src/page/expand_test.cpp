#include "page/expand.hpp"

#include <gtest/gtest.h>

namespace cardea::page {
namespace {

Sources sources(std::string_view page, std::string_view part = "part") {
  return {.pages = {{"layout", "<l>{{> page}}</l>"}, {"home", page}, {"parts/bit", part}},
          .strings = {{"home.title", "Tom & <Ada>"}, {"home.many", "{{count}} people"}, {"home.bad", "{{{count}}}"}},
          .assets = {{"auth_css", "/assets/auth.1.css"}}};
}

std::string expanded(std::string_view page, std::string_view part = "part") {
  return expand(sources(page, part), "home").text;
}

TEST(Expand, a_page_stands_inside_the_layout) { EXPECT_EQ(expanded("hello"), "<l>hello</l>"); }

TEST(Expand, parts_strings_and_assets_are_filled_in) {
  EXPECT_EQ(expanded("{{> bit}} {{t.home.title}} {{t.@.title}} {{asset.auth_css}}"),
            "<l>part Tom &amp; &lt;Ada&gt; Tom &amp; &lt;Ada&gt; /assets/auth.1.css</l>");
}

TEST(Expand, a_star_stands_for_every_part_that_begins_so) {
  auto all = sources("[{{> b*}}]");
  all.pages.emplace("parts/bat", "bat");
  all.pages.emplace("parts/cat", "cat");
  EXPECT_EQ(expand(all, "home").text, "<l>[batpart]</l>");
}

TEST(Expand, inputs_are_those_with_a_place_for_an_error_in_their_order) {
  const auto result =
      expand(sources("{{values.z}}{{#errors.b}}!{{/errors.b}}{{errors.b}}{{errors.a}}{{values.c}}"), "home");
  EXPECT_EQ(result.inputs, (std::vector<std::string>{"b", "a"}));
}

TEST(Expand, a_string_may_hold_a_variable) { EXPECT_EQ(expanded("{{t.home.many}}"), "<l>{{count}} people</l>"); }

TEST(Expand, indentation_and_comments_go) { EXPECT_EQ(expanded("  <p>\n\n    a b{{! why }}\n"), "<l><p>\na b</l>"); }

TEST(Expand, only_printed_names_without_a_section_must_have_a_value) {
  const auto result =
      expand(sources("{{a}}{{#b}}{{b}}{{c}}{{/b}}{{^d}}{{/d}}{{values.e}}{{errors.f}}{{.}}{{t.home.many}}"), "home");
  EXPECT_EQ(result.variables, (std::set<std::string, std::less<>>{"a", "c", "count"}));
}

TEST(Expand, tags_that_print_unescaped_are_refused) {
  for (const std::string_view page :
       {"{{{a}}}", "{{&a}}", "{{ & a }}", "{{ {a} }}", "{{=<% %>=}}", "{{\n&a}}", "{{t.home.bad}}"}) {
    EXPECT_THROW((void)expanded(page), std::logic_error) << page;
  }
  EXPECT_THROW((void)expanded("{{> bit}}", "{{{a}}}"), std::logic_error);
}

TEST(Expand, unknown_names_are_refused) {
  for (const std::string_view page :
       {"{{t.home.nothing}}", "{{> nothing}}", "{{asset.nothing}}", "{{}}", "{{a", "{{> page}}"}) {
    EXPECT_THROW((void)expanded(page), std::logic_error) << page;
  }
  EXPECT_THROW((void)expand(sources("x"), "nothing"), std::logic_error);
}

TEST(Expand, parts_in_a_circle_are_refused) {
  EXPECT_THROW((void)expanded("{{> bit}}", "{{> bit}}"), std::logic_error);
}

}  // namespace
}  // namespace cardea::page
