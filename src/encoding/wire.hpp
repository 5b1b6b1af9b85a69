#pragma once
// Wire types describe themselves once; the one description reads them, writes them and prints their schema.
//
//   struct SignIn { std::string uid; Secret password; };
//   template <class D> void describe(D& d, wire::Of<D, SignIn>& s) {
//     d.required("uid", s.uid, {.max = 320, .doc = "User id or e-mail address."});
//     d.required("password", s.password, {.max = 1024});
//   }
//   auto body = TRY(wire::read<SignIn>(json));
//
// `describe` is found by argument-dependent lookup, so it stands in the type's own namespace.
// Members may be: bool, int64_t, std::string, Secret (read only), Time and Date (written as RFC 3339), Id<Tag>,
// std::optional of those, std::vector of those or of described types, a described type, and wire::Value (anything).

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "encoding/value.hpp"

namespace cardea::wire {

/// The OpenAPI 3.1 schema of a type, as a JSON value.
using Schema = Value;

/// Limits and words of one member. Lengths count Unicode code points of text, items of a list.
struct Limit {
  std::size_t min = 0;
  std::size_t max = 1000;
  std::string_view doc = {};
  std::string_view format = {};  // OpenAPI format: "email", "date", "password", "byte", …
};

/// `const T` while writing, `T` while reading: lets one `describe` serve both.
template <class D, class T>
using Of = std::conditional_t<D::writes, const T, T>;

class Reader;
class Writer;
class Schemer;

/// Reads an object strictly: every unknown, missing, mistyped or over-long member is a FieldError in one
/// validation_failed (codes: unknown_field, required, wrong_type, too_short, too_long, out_of_range).
template <class T> Result<T> from_value(const Value& value);
/// Parses and reads: malformed_json or validation_failed.
template <class T> Result<T> read(std::string_view json);
template <class T> Value to_value(const T& object);
template <class T> std::string write(const T& object);
template <class T> Schema schema();

}  // namespace cardea::wire

#include "encoding/wire_impl.hpp"  // the templates' bodies
