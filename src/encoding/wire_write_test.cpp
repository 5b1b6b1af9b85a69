#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "encoding/wire.hpp"

namespace cardea::wire_write_test {

enum class Colour { red, green };
constexpr auto enum_texts(Colour) {
  return std::to_array<EnumText<Colour>>({{Colour::red, "red"}, {Colour::green, "dark green"}});
}

struct Painted {
  Colour colour = Colour::red;
  std::optional<Colour> lining;
  std::vector<Colour> stripes;
};
template <class D>
void describe(D& d, wire::Of<D, Painted>& s) {
  d.required("colour", s.colour);
  d.required("lining", s.lining);
  d.optional("stripes", s.stripes);
}

struct Shown {
  std::string_view text;
  std::optional<std::string_view> remark;
  std::optional<std::optional<std::string>> address;
  std::vector<std::string> words;
  std::int64_t least = std::numeric_limits<std::int64_t>::min();
  wire::Value any;
  wire::Object rest;
};
template <class D>
void describe(D& d, wire::Of<D, Shown>& s) {
  d.required("text", s.text);
  d.if_present("remark", s.remark);
  d.if_present("address", s.address);
  d.required("words", s.words);
  d.required("least", s.least);
  d.required("any", s.any);
  d.rest(s.rest);
}

struct Counted {
  int to = 0;
};
void write_members(wire::Writer& writer, const Counted& counted) {
  for (int i = 0; i < counted.to; ++i) writer.member("n" + std::to_string(i) + "\"", i);
}

struct Row {
  std::int64_t id = 0;
  Counted rest;
};
template <class D>
void describe(D& d, wire::Of<D, Row>& s) {
  d.required("id", s.id);
  d.rest(s.rest, "What is counted.");
}

struct Rows {
  wire::WrittenList<Row> rows;
  bool more = false;
};
template <class D>
void describe(D& d, wire::Of<D, Rows>& s) {
  d.required("rows", s.rows, {.max = 3});
  d.required("more", s.more);
}

struct RowsKept {
  std::vector<Row> rows;
  bool more = false;
};
template <class D>
void describe(D& d, wire::Of<D, RowsKept>& s) {
  d.required("rows", s.rows, {.max = 3});
  d.required("more", s.more);
}

struct Guest {
  std::optional<std::string> name;
};
template <class D>
void describe(D& d, wire::Of<D, Guest>& s) {
  d.if_present("name", s.name, {.max = 3});
}

struct Nothing {
  std::optional<int> size;
};
template <class D>
void describe(D& d, wire::Of<D, Nothing>& s) {
  d.optional("size", s.size);
}

namespace {

std::string problem(const Result<Painted>& read) {
  if (read.ok()) return {};
  const auto& field = read.error().fields.at(0);
  return field.field + ":" + field.code + ": " + field.detail;
}

TEST(WireWrite, members_come_in_the_order_of_the_description) {
  EXPECT_EQ(wire::write(Shown{.text = "a",
                              .remark = "b",
                              .address = std::optional<std::string>{"c"},
                              .words = {"d", "e"},
                              .any = wire::Array{true, nullptr},
                              .rest = {{"f", 1.5}, {"g", wire::Object{}}}}),
            R"({"text":"a","remark":"b","address":"c","words":["d","e"],"least":-9223372036854775808,)"
            R"("any":[true,null],"f":1.5,"g":{}})");
}

TEST(WireWrite, list_written_item_by_item_is_the_same_list) {
  Rows rows;
  EXPECT_EQ(wire::write(rows), R"({"rows":[],"more":false})");
  rows.rows.add({.id = 1, .rest = {.to = 2}});
  EXPECT_EQ(wire::write(rows), R"({"rows":[{"id":1,"n0\"":0,"n1\"":1}],"more":false})");
  rows.rows.add({.id = 2});
  rows.more = true;
  EXPECT_EQ(wire::write(rows), R"({"rows":[{"id":1,"n0\"":0,"n1\"":1},{"id":2}],"more":true})");
  EXPECT_EQ(wire::write(rows.rows), R"([{"id":1,"n0\"":0,"n1\"":1},{"id":2}])");
  EXPECT_EQ(wire::to_json(wire::schema<Rows>()), wire::to_json(wire::schema<RowsKept>()));
}

TEST(WireWrite, text_is_escaped_wherever_it_needs_it_and_however_long_it_is) {
  for (std::size_t size = 0; size < 70; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'x');
      std::string expected = '"' + text + '"';
      EXPECT_EQ(wire::write(std::string_view{text}), expected);
      text[at] = '<';
      expected.replace(at + 1, 1, "\\u003c");
      EXPECT_EQ(wire::write(std::string_view{text}), expected);
    }
  }
  for (int c = 0; c < 256; ++c) {
    // Alone, at the end, and among sixteen that are looked at together.
    const std::string one(1, static_cast<char>(c));
    const std::string alone = wire::write(std::string_view{one});
    const std::string inner = alone.substr(1, alone.size() - 2);
    EXPECT_EQ(wire::write(std::string_view{"0123456789" + one + "abcdefghij"}),
              "\"0123456789" + inner + "abcdefghij\"");
    EXPECT_EQ(inner == one, c >= 0x20 && c < 0x7f && std::string_view{"\"\\<>&"}.find(one) == std::string_view::npos);
  }
}

TEST(WireWrite, absent_is_not_null) {
  EXPECT_EQ(wire::write(Shown{}), R"({"text":"","words":[],"least":-9223372036854775808,"any":null})");
  EXPECT_EQ(wire::write(Shown{.address = std::optional<std::string>{}}),
            R"({"text":"","address":null,"words":[],"least":-9223372036854775808,"any":null})");
  EXPECT_EQ(wire::write(Nothing{}), "{}");
}

TEST(WireWrite, number_that_is_not_finite_is_never_written) {
  for (const double number : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    EXPECT_THROW(wire::write(Shown{.any = number}), std::invalid_argument);
    EXPECT_THROW(wire::write(Shown{.rest = {{"n", wire::Array{number}}}}), std::invalid_argument);
  }
}

TEST(WireWrite, text_is_inert_and_valid_whatever_it_holds) {
  EXPECT_EQ(wire::write(Shown{.text = "</script>&\n\x01\x7f\"\\ä\xff€\xe2\x82", .rest = {{"a\"b", 1}}}),
            "{\"text\":\"\\u003c/script\\u003e\\u0026\\n\\u0001\\u007f\\\"\\\\ä\xEF\xBF\xBD€\xEF\xBF\xBD\xEF\xBF\xBD\","
            R"("words":[],"least":-9223372036854775808,"any":null,"a\"b":1})");
}

TEST(WireWrite, what_it_writes_as_text_is_what_the_value_writes) {
  const wire::Value any = wire::Object{{"a", wire::Array{1, -2.5, "x", false}}, {"ü", nullptr}};
  EXPECT_EQ(wire::write(any), wire::to_json(any));
}

TEST(WireEnum, is_its_text) {
  const Painted painted{.colour = Colour::green, .lining = Colour::red, .stripes = {Colour::red, Colour::green}};
  const std::string json = R"({"colour":"dark green","lining":"red","stripes":["red","dark green"]})";
  EXPECT_EQ(wire::write(painted), json);
  const auto read = wire::read<Painted>(json);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->colour, Colour::green);
  EXPECT_EQ(read->lining, Colour::red);
  EXPECT_EQ(read->stripes, painted.stripes);
  EXPECT_EQ(wire::write(Painted{}), R"({"colour":"red","lining":null,"stripes":[]})");
}

TEST(WireEnum, takes_its_own_texts_only) {
  const auto lining = [](std::string_view json) {
    return problem(wire::read<Painted>(R"({"colour":"red","lining":)" + std::string{json} + "}"));
  };
  EXPECT_EQ(lining("null"), "");
  for (const auto* other : {R"("green")", R"("Red")", R"("")", R"("red ")", "0", "true", "[]"}) {
    EXPECT_EQ(lining(other), "lining:wrong_type: This must be one of red, dark green.") << other;
  }
}

TEST(WireIfPresent, may_be_missing_and_is_never_null) {
  EXPECT_EQ(wire::read<Guest>("{}")->name, std::nullopt);
  EXPECT_EQ(wire::read<Guest>(R"({"name":"Ann"})")->name, "Ann");
  EXPECT_FALSE(wire::read<Guest>(R"({"name":null})").ok());
  EXPECT_FALSE(wire::read<Guest>(R"({"name":"Anna"})").ok());
}

}  // namespace
}  // namespace cardea::wire_write_test
