#include "encoding/value.hpp"

#include <gtest/gtest.h>

#include <rapidcheck.h>

#include <limits>

namespace cardea::wire {

namespace {

using namespace std::string_literals;

std::string reread(std::string_view json) {
  const auto value = parse(json);
  return value.ok() ? to_json(*value) : std::string{value.error().kind->code};
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(Json, reads_all_kinds_of_values) {
  EXPECT_EQ(reread(R"( { "a" : [ 1 , -2.5 , true , false , null , "x" , { } , [ ] ] } )"),
            R"({"a":[1,-2.5,true,false,null,"x",{},[]]})");
  EXPECT_EQ(reread("\t\r\n3 "), "3");
  EXPECT_EQ(reread("\"\""), "\"\"");
  EXPECT_EQ(reread(R"({"b":1,"a":2})"), R"({"b":1,"a":2})");
  EXPECT_EQ(reread(R"("\u00e9\ud83d\ude00\/\b\f\n\r\t\"\\")"), "\"é😀/\\u0008\\u000c\\n\\r\\t\\\"\\\\\"");
}

TEST(Json, refuses_what_is_not_json) {
  for (const auto& json : {""s,          " "s,
                           "{"s,         "}"s,
                           "[1,]"s,      "{\"a\":1,}"s,
                           "{a:1}"s,     "{'a':1}"s,
                           "[1 2]"s,     "01"s,
                           "+1"s,        ".5"s,
                           "1."s,        "1e"s,
                           "-"s,         "0x1"s,
                           "NaN"s,       "Infinity"s,
                           "-Infinity"s, "nul"s,
                           "TRUE"s,      "\"a"s,
                           "\"\n\""s,    "\"\t\""s,
                           "\"\\x\""s,   "\"\\u12\""s,
                           "// c\n1"s,   "/**/1"s,
                           "1 2"s,       "{}{}"s,
                           "{} x"s,      "1\0"s,
                           "\"a\"\0"s,   "\xef\xbb\xbf{}"s,
                           "\xff\xfe"s,  "{\"a\"}"s,
                           "{\"a\":}"s,  "[,]"s}) {
    EXPECT_EQ(reread(json), "malformed_json") << testing::PrintToString(json);
  }
}

TEST(Json, refuses_text_that_is_not_unicode) {
  for (const auto& json : {"\"\xff\""s, "\"\xc0\x80\""s, "\"\xed\xa0\x80\""s, "\"\xf4\x90\x80\x80\""s, "\"\xe2\x82\""s,
                           "{\"\xff\":1}"s, "\"\\ud800\""s, "\"\\udc00\""s, "\"\\ud800\\ud800\""s, "\"\\ud800x\""s,
                           "\"\\ud800\\n\""s, "\"\\u0000\""s, "{\"\\u0000\":1}"s, "\"a\0b\""s}) {
    EXPECT_EQ(reread(json), "malformed_json") << testing::PrintToString(json);
  }
}

TEST(Json, refuses_duplicate_names_however_written) {
  EXPECT_EQ(reread(R"({"a":1,"a":1})"), "malformed_json");
  EXPECT_EQ(reread(R"({"a":1,"b":2,"\u0061":3})"), "malformed_json");
  EXPECT_EQ(reread(R"([{"x":{"a":1,"a":2}}])"), "malformed_json");
  EXPECT_EQ(reread(R"({"a":{"a":1},"b":{"a":1}})"), R"({"a":{"a":1},"b":{"a":1}})");
}

TEST(Json, integers_are_exact_or_become_doubles) {
  EXPECT_EQ(*parse("9223372036854775807")->get<std::int64_t>(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(*parse("-9223372036854775808")->get<std::int64_t>(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(*parse("9223372036854775808")->get<double>(), 9223372036854775808.0);
  EXPECT_EQ(*parse("18446744073709551616")->get<double>(), 18446744073709551616.0);
  EXPECT_EQ(*parse("-9223372036854775809")->get<double>(), -9223372036854775808.0);
  EXPECT_EQ(*parse("1.0")->get<double>(), 1.0);
  EXPECT_EQ(*parse("1e2")->get<double>(), 100.0);
}

TEST(Json, doubles_are_nearest_and_finite) {
  EXPECT_EQ(*parse("0.1")->get<double>(), 0.1);
  EXPECT_EQ(*parse("1.7976931348623157e308")->get<double>(), std::numeric_limits<double>::max());
  EXPECT_EQ(*parse("5e-324")->get<double>(), std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(*parse("9007199254740993.0")->get<double>(), 9007199254740992.0);
  EXPECT_EQ(*parse("179769313486231580793728971405301e-1")->get<double>(), 17976931348623158079372897140530.1);
  for (const auto* json : {"1e999", "-1e999", "1e309", "[1e400]"}) EXPECT_EQ(reread(json), "malformed_json") << json;
  EXPECT_EQ(reread("1" + std::string(400, '0')), "malformed_json");
}

TEST(Json, depth_is_limited) {
  EXPECT_TRUE(parse(nested(16)).ok());
  EXPECT_FALSE(parse(nested(17)).ok());
  EXPECT_FALSE(parse(nested(100000)).ok());
  EXPECT_TRUE(parse(nested(2), {.depth = 2}).ok());
  EXPECT_FALSE(parse(nested(3), {.depth = 2}).ok());
  EXPECT_FALSE(parse(R"({"a":{"a":{}}})", {.depth = 2}).ok());
}

TEST(Json, members_are_counted_over_all_containers) {
  EXPECT_TRUE(parse("[1,2,[3],{\"a\":4}]", {.members = 6}).ok());
  EXPECT_FALSE(parse("[1,2,[3],{\"a\":4}]", {.members = 5}).ok());
  EXPECT_FALSE(parse("[[],[],[]]", {.members = 2}).ok());
}

TEST(Json, long_text_survives_in_pieces) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "é\n\"" + std::to_string(i);
  EXPECT_EQ(*parse(to_json(text))->get<std::string>(), text);
}

TEST(Json, error_names_place_but_not_content) {
  const auto value = parse(R"({"password":"hunter2" "x"})");
  ASSERT_FALSE(value.ok());
  EXPECT_EQ(value.error().detail.find("hunter2"), std::string::npos);
  EXPECT_NE(value.error().detail.find("byte"), std::string::npos);
}

TEST(Json, written_text_is_inert_in_html) {
  EXPECT_EQ(to_json("</script>&<!--"), R"("\u003c/script\u003e\u0026\u003c!--")");
  EXPECT_EQ(to_json(std::string("\0\x1f\x7f", 3)), R"("\u0000\u001f\u007f")");
}

TEST(Json, written_text_is_valid_whatever_it_was) {
  EXPECT_EQ(to_json("a\xff z\xe2\x82"), "\"a\uFFFD z\uFFFD\uFFFD\"");
}

TEST(Json, numbers_keep_their_type) {
  EXPECT_EQ(to_json(1.0), "1.0");
  EXPECT_EQ(to_json(-0.0), "-0.0");
  EXPECT_EQ(to_json(1e22), "1e+22");
  EXPECT_EQ(to_json(0.1), "0.1");
  EXPECT_EQ(to_json(7), "7");
  for (const double bad : {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(),
                           std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_THROW((void)to_json(bad), std::invalid_argument);
  }
}

TEST(Value, finds_members) {
  const auto value = parse(R"({"a":1,"b":null})");
  EXPECT_EQ(*value->find("a")->get<std::int64_t>(), 1);
  EXPECT_TRUE(value->find("b")->is<std::nullptr_t>());
  EXPECT_EQ(value->find("c"), nullptr);
  EXPECT_EQ(Value{3}.find("a"), nullptr);
}

TEST(Value, can_be_replaced_by_its_own_part) {
  Value value = Object{{"a", Array{Value{"deep"}}}};
  value = std::move(value.get<Object>()->front().value);
  value = value.get<Array>()->front();
  EXPECT_EQ(*value.get<std::string>(), "deep");
  value = *&value;
  EXPECT_EQ(*value.get<std::string>(), "deep");
}

TEST(Value, replaced_text_is_wiped) {
  Value value{"short"};
  const char* text = value.get<std::string>()->data();  // within the value itself: short text is not on the heap
  const std::size_t offset = static_cast<std::size_t>(text - reinterpret_cast<const char*>(&value));
  value = true;
  EXPECT_EQ(std::string_view(reinterpret_cast<const char*>(&value) + offset + 1, 4), std::string_view("\0\0\0\0", 4));
}

rc::Gen<std::string> any_text() {
  return rc::gen::container<std::string>(
      rc::gen::map(rc::gen::inRange(1, 128), [](int c) { return static_cast<char>(c); }));
}

rc::Gen<Value> any_value(int depth) {
  const auto leaf =
      rc::gen::oneOf(rc::gen::just(Value{}), rc::gen::map(rc::gen::arbitrary<bool>(), [](bool b) { return Value{b}; }),
                     rc::gen::map(rc::gen::arbitrary<std::int64_t>(), [](std::int64_t n) { return Value{n}; }),
                     rc::gen::map(rc::gen::arbitrary<double>(), [](double n) { return Value{n}; }),
                     rc::gen::map(any_text(), [](const std::string& s) { return Value{s}; }));
  if (depth == 0) return leaf;
  const auto array = rc::gen::map(rc::gen::container<Array>(any_value(depth - 1)),
                                  [](Array items) { return Value{std::move(items)}; });
  const auto object = rc::gen::map(rc::gen::container<Array>(any_value(depth - 1)), [](const Array& items) {
    Object members;
    for (std::size_t i = 0; i < items.size(); ++i) members.push_back({"<\"" + std::to_string(i), items[i]});
    return Value{std::move(members)};
  });
  return rc::gen::oneOf(leaf, array, object);
}

TEST(JsonProperty, written_values_read_back_equal) {
  EXPECT_TRUE(rc::check([] {
    const auto value = *rc::gen::resize(12, any_value(3));
    const auto again = parse(to_json(value), {.depth = 16, .members = 1000000});
    RC_ASSERT(again.ok());
    RC_ASSERT(*again == value);
  }));
}

}  // namespace
}  // namespace cardea::wire
