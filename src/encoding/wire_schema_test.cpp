#include <gtest/gtest.h>

#include <stdexcept>

#include "encoding/wire.hpp"

namespace cardea::wire_schema_test {

enum class Colour { red, green };
constexpr auto enum_texts(Colour) {
  return std::to_array<EnumText<Colour>>({{Colour::red, "red"}, {Colour::green, "green"}});
}

struct Wheel {
  static constexpr std::string_view schema_name = "Wheel";
  int size = 0;
};
template <class D>
void describe(D& d, wire::Of<D, Wheel>& s) {
  d.required("size", s.size, {.min = 1, .max = 30});
}

struct Cart {
  static constexpr std::string_view schema_name = "Cart";
  Wheel main;
  std::optional<Wheel> spare;
  std::vector<Wheel> others;
  Colour colour = Colour::red;
  std::optional<Colour> lining;
  wire::Object rest;
};
template <class D>
void describe(D& d, wire::Of<D, Cart>& s) {
  d.required("main", s.main, {.doc = "In front."});
  d.required("spare", s.spare);
  d.required("others", s.others, {.max = 3});
  d.optional("colour", s.colour);
  d.optional("lining", s.lining);
  d.rest(s.rest, "What else is aboard.");
}

struct Trip {
  Cart cart;
  std::optional<std::string> place;
  std::optional<std::optional<std::string>> guest;
};
template <class D>
void describe(D& d, wire::Of<D, Trip>& s) {
  d.required("cart", s.cart);
  d.if_present("place", s.place, {.max = wire::unlimited});
  d.if_present("guest", s.guest, {.max = 9});
}

// Calls itself what Wheel calls itself, and is something else.
struct Impostor {
  static constexpr std::string_view schema_name = "Wheel";
  Wheel wheel;
};
template <class D>
void describe(D& d, wire::Of<D, Impostor>& s) {
  d.required("wheel", s.wheel);
}

namespace {

TEST(WireSchema, named_type_is_a_definition_and_a_reference_to_it) {
  EXPECT_EQ(wire::to_json(wire::schema<Wheel>()),
            R"({"$ref":"#/$defs/Wheel","$defs":{"Wheel":{"type":"object","properties":{"size":)"
            R"({"type":"integer","minimum":1,"maximum":30}},"required":["size"],"additionalProperties":false}}})");
}

TEST(WireSchema, named_types_are_referred_to_wherever_they_are) {
  const auto schema = wire::schema<Cart>();
  const auto* cart = schema.find("$defs")->find("Cart");
  ASSERT_NE(cart, nullptr);
  EXPECT_NE(schema.find("$defs")->find("Wheel"), nullptr);
  EXPECT_EQ(wire::to_json(*cart->find("properties")),
            R"({"main":{"$ref":"#/$defs/Wheel","description":"In front."},)"
            R"("spare":{"anyOf":[{"$ref":"#/$defs/Wheel"},{"type":"null"}]},)"
            R"("others":{"type":"array","items":{"$ref":"#/$defs/Wheel"},"maxItems":3},)"
            R"("colour":{"type":"string","enum":["red","green"]},)"
            R"("lining":{"type":["string","null"],"enum":["red","green",null]}})");
  EXPECT_EQ(wire::to_json(*cart->find("additionalProperties")), R"({"description":"What else is aboard."})");
}

TEST(WireSchema, type_without_a_name_stands_where_it_is_used) {
  const auto schema = wire::schema<Trip>();
  EXPECT_EQ(wire::to_json(*schema.find("properties")), R"({"cart":{"$ref":"#/$defs/Cart"},"place":{"type":"string"},)"
                                                       R"("guest":{"type":["string","null"],"maxLength":9}})");
  EXPECT_EQ(wire::to_json(*schema.find("required")), R"(["cart"])");
  EXPECT_EQ(schema.find("$defs")->get<wire::Object>()->size(), 2U);
}

TEST(WireSchema, list_of_a_named_type_has_no_limit) {
  const auto schema = wire::schema<std::vector<Wheel>>();
  EXPECT_EQ(wire::to_json(*schema.find("items")), R"({"$ref":"#/$defs/Wheel"})");
  EXPECT_EQ(schema.find("maxItems"), nullptr);
  EXPECT_NE(schema.find("$defs")->find("Wheel"), nullptr);
}

TEST(WireSchema, two_shapes_of_one_name_are_a_mistake) { EXPECT_THROW(wire::schema<Impostor>(), std::logic_error); }

}  // namespace
}  // namespace cardea::wire_schema_test
