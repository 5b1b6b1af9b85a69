#include "encoding/wire.hpp"

#include <gtest/gtest.h>

#include <variant>

namespace cardea::wire_test {

struct Address {
  std::string city;
  std::optional<std::string> zip;
};
template <class D>
void describe(D& d, wire::Of<D, Address>& s) {
  d.required("city", s.city, {.min = 1, .max = 5});
  d.optional("zip", s.zip);
}

struct Person {
  std::string name;
  std::int64_t age = 7;
  bool admin = false;
  std::vector<Address> homes;
  Address main;
  Secret password;
};
template <class D>
void describe(D& d, wire::Of<D, Person>& s) {
  d.required("name", s.name, {.min = 3, .max = 100, .doc = "Full name."});
  d.optional("age", s.age, {.min = 0, .max = 150});
  d.optional("admin", s.admin);
  d.optional("homes", s.homes, {.max = 2});
  d.required("main", s.main);
  d.required("password", s.password, {.max = 1024});
}

struct Change {
  wire::Patch<std::string> nick;
  wire::Patch<Date> born;
  wire::Patch<std::int64_t> size;
  std::optional<int> level;
};
template <class D>
void describe(D& d, wire::Of<D, Change>& s) {
  d.optional("nick", s.nick, {.min = 2});
  d.optional("born", s.born);
  d.optional("size", s.size, {.max = 9});
  d.optional("level", s.level, {.min = 1});
}

struct Key {
  std::string name;
  std::optional<int> size;
  wire::Object rest;
};
template <class D>
void describe(D& d, wire::Of<D, Key>& s) {
  d.expected("name", s.name, {.min = 1, .max = 5});
  d.optional("size", s.size);
  d.rest(s.rest);
}

struct Open {
  AccountId id;
  Time at;
  std::vector<std::int64_t> counts;
  wire::Value extra;
  wire::Object rest;
};
template <class D>
void describe(D& d, wire::Of<D, Open>& s) {
  d.required("id", s.id);
  d.optional("at", s.at);
  d.optional("counts", s.counts);
  d.optional("extra", s.extra);
  d.rest(s.rest);
}

struct Circle {
  static constexpr std::string_view schema_name = "Circle";
  std::int64_t radius = 0;
};
template <class D>
void describe(D& d, wire::Of<D, Circle>& s) {
  d.required("radius", s.radius);
}

struct Square {
  std::int64_t side = 0;
};
template <class D>
void describe(D& d, wire::Of<D, Square>& s) {
  d.required("side", s.side);
}

using Shape = std::variant<Circle, Square>;
struct Drawing {
  Shape shape;
  std::optional<Shape> frame;
};
template <class D>
void describe(D& d, wire::Of<D, Drawing>& s) {
  d.required("shape", s.shape);
  d.required("frame", s.frame);
}

namespace {

/// "field:code field:code" of a refusal; the error's own code when it has no fields.
template <class T>
std::string problems(std::string_view json) {
  const auto result = wire::read<T>(json);
  if (result.ok()) return "ok";
  if (result.error().fields.empty()) return std::string{result.error().kind->code};
  std::string out;
  for (const auto& field : result.error().fields) out += (out.empty() ? "" : " ") + field.field + ":" + field.code;
  return out;
}

TEST(Wire, reads_a_described_type) {
  const auto person = wire::read<Person>(R"({"name":"Ann","admin":true,"homes":[{"city":"Rome","zip":null}],
      "main":{"city":"Oslo","zip":"0150"},"password":"pw"})");
  ASSERT_TRUE(person.ok());
  EXPECT_EQ(person->name, "Ann");
  EXPECT_EQ(person->age, 7);
  EXPECT_TRUE(person->admin);
  ASSERT_EQ(person->homes.size(), 1U);
  EXPECT_EQ(person->homes[0].zip, std::nullopt);
  EXPECT_EQ(person->main.zip, "0150");
  EXPECT_EQ(person->password.reveal(), "pw");
}

TEST(Wire, names_every_problem_at_once) {
  EXPECT_EQ(problems<Person>(R"({"name":"An","age":200,"admin":1,"homes":[{"city":""},{"zip":3}],"main":[],"hat":1})"),
            "name:too_short age:out_of_range admin:wrong_type homes/0/city:too_short homes/1/city:required "
            "homes/1/zip:wrong_type main:wrong_type password:required hat:unknown_field");
}

TEST(Wire, name_is_escaped_as_in_a_json_pointer) {
  EXPECT_EQ(problems<Address>(R"({"city":"Rome","a/b":1,"c~d":1,"~1":1})"),
            "a~1b:unknown_field c~0d:unknown_field ~01:unknown_field");
}

TEST(Wire, refuses_what_is_no_object) {
  EXPECT_EQ(problems<Address>("[]"), ":wrong_type");
  EXPECT_EQ(problems<Address>("3"), ":wrong_type");
  EXPECT_EQ(problems<Address>("{"), "malformed_json");
}

TEST(Wire, null_and_numbers_are_not_coerced) {
  EXPECT_EQ(problems<Address>(R"({"city":null})"), "city:wrong_type");
  EXPECT_EQ(problems<Address>(R"({"city":1})"), "city:wrong_type");
  EXPECT_EQ(problems<Change>(R"({"level":1.0})"), "level:wrong_type");
  EXPECT_EQ(problems<Change>(R"({"level":"1"})"), "level:wrong_type");
  EXPECT_EQ(problems<Change>(R"({"level":2147483648})"), "level:out_of_range");
  EXPECT_EQ(problems<Change>(R"({"size":99999999999999999999})"), "size:wrong_type");
}

TEST(Wire, lengths_count_code_points) {
  EXPECT_EQ(problems<Address>(R"({"city":"äöüß€"})"), "ok");
  EXPECT_EQ(problems<Address>(R"({"city":"äöüß€x"})"), "city:too_long");
}

TEST(Wire, sentences_are_for_people) {
  const auto result = wire::read<Person>(R"({"name":"An","main":{"city":""},"hat":1})");
  ASSERT_EQ(result.error().fields.size(), 4U);
  EXPECT_EQ(result.error().fields[0].detail, "Use at least 3 characters.");
  EXPECT_EQ(result.error().fields[1].detail, "This must not be empty.");
  EXPECT_EQ(result.error().fields[2].detail, "This is required.");
  EXPECT_EQ(result.error().fields[3].detail, "This is not a known field.");
}

TEST(Wire, patch_tells_absent_from_cleared) {
  const auto change = wire::read<Change>(R"({"nick":null,"born":"2001-12-31","level":null})");
  ASSERT_TRUE(change.ok());
  EXPECT_TRUE(change->nick.is_cleared());
  ASSERT_NE(change->born.value(), nullptr);
  EXPECT_EQ(to_text(*change->born.value()), "2001-12-31");
  EXPECT_TRUE(change->size.is_absent());
  EXPECT_EQ(change->level, std::nullopt);
  EXPECT_EQ(wire::write(*change), R"({"nick":null,"born":"2001-12-31"})");
  EXPECT_EQ(problems<Change>(R"({"nick":"x","born":"2001-02-29","size":10})"),
            "nick:too_short born:wrong_type size:out_of_range");
}

TEST(Wire, caller_with_rules_of_its_own_gets_what_is_right_beside_the_problems) {
  std::vector<FieldError> found{{"hat", "unknown_field", "x"}};
  const auto key = wire::read<Key>(R"({"size":"large","shoe":7})", found);
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(key->name, "");  // expected, and for the caller to miss
  EXPECT_EQ(wire::Value{key->rest}, (wire::Object{{"shoe", 7}}));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[1].field + ":" + found[1].code, "size:wrong_type");
  EXPECT_EQ(wire::read<Key>("[]", found).error().kind->code, "validation_failed");
  EXPECT_EQ(wire::read<Key>("{", found).error().kind->code, "malformed_json");
  EXPECT_EQ(found.size(), 2U);
}

TEST(Wire, expected_member_is_required_in_schema_and_writing) {
  EXPECT_EQ(wire::to_json(wire::schema<Key>()),
            R"({"type":"object","properties":{"name":{"type":"string","minLength":1,"maxLength":5},)"
            R"("size":{"type":["integer","null"]}},"required":["name"],"additionalProperties":true})");
  EXPECT_EQ(wire::write(Key{.name = "Ann"}), R"({"name":"Ann"})");
}

TEST(Wire, patch_as_a_text_is_empty_when_cleared) {
  EXPECT_EQ(wire::Patch<std::string>{}.or_empty(), std::nullopt);
  EXPECT_EQ(wire::Patch<std::string>::cleared().or_empty(), "");
  EXPECT_EQ(wire::Patch<std::string>{"ann"}.or_empty(), "ann");
}

TEST(Wire, writes_what_it_reads) {
  const std::string json = R"({"id":"usr_00000000000000000000000000","at":"2026-01-31T12:00:00.500Z","counts":[1,2],)"
                           R"("extra":{"a":[null]},"color":"red","z":1.5})";
  const auto open = wire::read<Open>(json);
  ASSERT_TRUE(open.ok());
  ASSERT_EQ(open->rest.size(), 2U);
  EXPECT_EQ(open->rest[0].name, "color");
  EXPECT_EQ(wire::write(*open), json);
}

TEST(Wire, variant_is_written_as_what_it_holds) {
  EXPECT_EQ(wire::write(Shape{Circle{3}}), R"({"radius":3})");
  EXPECT_EQ(wire::write(Shape{Square{4}}), R"({"side":4})");
  EXPECT_EQ(wire::write(Drawing{.shape = Square{4}}), R"({"shape":{"side":4},"frame":null})");
}

TEST(Wire, variant_is_one_of_its_types_in_the_schema) {
  const std::string shapes = R"({"$ref":"#/$defs/Circle"},{"type":"object","properties":{"side":{"type":"integer"}},)"
                             R"("required":["side"],"additionalProperties":false})";
  const std::string circle = R"("$defs":{"Circle":{"type":"object","properties":{"radius":{"type":"integer"}},)"
                             R"("required":["radius"],"additionalProperties":false}})";
  EXPECT_EQ(wire::to_json(wire::schema<Shape>()), R"({"oneOf":[)" + shapes + "]," + circle + "}");
  EXPECT_EQ(wire::to_json(wire::schema<Drawing>()),
            R"({"type":"object","properties":{"shape":{"oneOf":[)" + shapes + R"(]},)" +
                R"("frame":{"anyOf":[{"oneOf":[)" + shapes + R"(]},{"type":"null"}]}},)" +
                R"("required":["shape","frame"],"additionalProperties":false,)" + circle + "}");
}

TEST(Wire, lists_can_be_written_whole) {
  EXPECT_EQ(wire::write(std::vector<Address>{{.city = "Rome"}, {.city = "Oslo", .zip = "1"}}),
            R"([{"city":"Rome"},{"city":"Oslo","zip":"1"}])");
}

TEST(Wire, ids_and_times_are_strict) {
  EXPECT_EQ(problems<Open>(R"({"id":"ses_00000000000000000000000000"})"), "id:wrong_type");
  EXPECT_EQ(problems<Open>(R"({"id":7})"), "id:wrong_type");
  for (const auto* at : {"2026-01-31", "2026-01-31T12:00:00", "2026-01-31t12:00:00Z", "2026-02-29T12:00:00Z",
                         "2026-01-31T24:00:00Z", "2026-01-31T12:00:60Z", "2026-01-31T12:00:00.Z",
                         "2026-01-31T12:00:00.1234567Z", "2026-01-31T12:00:00Zx", "2026-01-31T12:00:00+2:00"}) {
    EXPECT_EQ(problems<Open>(R"({"id":"usr_00000000000000000000000000","at":")" + std::string{at} + "\"}"),
              "at:wrong_type")
        << at;
  }
  const auto east = wire::read<Open>(R"({"id":"usr_00000000000000000000000000","at":"2026-01-31T01:00:00.25+02:00"})");
  ASSERT_TRUE(east.ok());
  EXPECT_EQ(rfc3339(east->at), "2026-01-30T23:00:00.250Z");
}

TEST(Wire, schema_tells_limits_and_words) {
  EXPECT_EQ(
      wire::to_json(wire::schema<Person>()),
      R"({"type":"object","properties":{)"
      R"("name":{"type":"string","minLength":3,"maxLength":100,"description":"Full name."},)"
      R"("age":{"type":"integer","minimum":0,"maximum":150},"admin":{"type":"boolean"},)"
      R"("homes":{"type":"array","items":{"type":"object","properties":{)"
      R"("city":{"type":"string","minLength":1,"maxLength":5},"zip":{"type":["string","null"],"maxLength":1000}},)"
      R"("required":["city"],"additionalProperties":false},"maxItems":2},)"
      R"("main":{"type":"object","properties":{)"
      R"("city":{"type":"string","minLength":1,"maxLength":5},"zip":{"type":["string","null"],"maxLength":1000}},)"
      R"("required":["city"],"additionalProperties":false},)"
      R"("password":{"type":"string","maxLength":1024,"format":"password"}},)"
      R"("required":["name","main","password"],"additionalProperties":false})");
}

TEST(Wire, schema_of_open_and_patch_types) {
  EXPECT_EQ(wire::to_json(wire::schema<Open>()),
            R"({"type":"object","properties":{"id":{"type":"string","pattern":"^usr_[0-9A-HJKMNP-TV-Z]{26}$"},)"
            R"("at":{"type":"string","format":"date-time"},"counts":{"type":"array","items":{"type":"integer"},)"
            R"("maxItems":1000},"extra":{}},"required":["id"],"additionalProperties":true})");
  EXPECT_EQ(wire::to_json(wire::schema<Change>()),
            R"({"type":"object","properties":{"nick":{"type":["string","null"],"minLength":2,"maxLength":1000},)"
            R"("born":{"type":["string","null"],"format":"date"},"size":{"type":["integer","null"],"maximum":9},)"
            R"("level":{"type":["integer","null"],"minimum":1}},"additionalProperties":false})");
}

}  // namespace
}  // namespace cardea::wire_test
