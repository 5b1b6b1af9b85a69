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
// Members may be: bool, int64_t, int, std::string, Secret (read only), Time and Date (written as RFC 3339), Id<Tag>,
// described types and wire::Value (anything); std::optional, std::vector and Patch of those.
//
//   d.required(name, member, limit)  must be there; null only for a std::optional, which it clears
//   d.expected(name, member, limit)  must be there, but the caller says so in words of its own: missing, it is the default
//   d.optional(name, member, limit)  may be missing: the member keeps its default. An empty std::optional is not written
//   d.rest(object)                   takes (and writes) every member not named, which are then no errors
//
// Whole numbers take a Range instead of a Limit: d.optional("limit", s.limit, {.min = 1, .max = 100}).
// Described types are default-constructible. An item of a list has the default Limit.

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
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

/// Bounds of a whole number, both included.
struct Range {
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
  std::string_view doc = {};
};

/// A member of a JSON Merge Patch (RFC 7396), used with `optional`: absent leaves what is stored, null clears it, a
/// value replaces it.
template <class T>
class Patch {
 public:
  Patch() = default;
  Patch(T value) : present_(true), value_(std::move(value)) {}  // NOLINT(google-explicit-constructor)
  static Patch cleared() {
    Patch patch;
    patch.present_ = true;
    return patch;
  }

  [[nodiscard]] bool is_absent() const { return !present_; }
  [[nodiscard]] bool is_cleared() const { return present_ && !value_; }
  /// The new value; null when absent or cleared.
  [[nodiscard]] const T* value() const { return value_ ? &*value_ : nullptr; }
  /// The new value, T{} when cleared; nothing when absent.
  [[nodiscard]] std::optional<T> or_empty() const { return is_cleared() ? T{} : value_; }

 private:
  bool present_ = false;
  std::optional<T> value_;
};

/// `const T` while writing, `T` while reading: lets one `describe` serve both.
template <class D, class T>
using Of = std::conditional_t<D::writes, const T, T>;

class Reader;
class Writer;
class Schemer;

/// Reads an object strictly: every unknown, missing, mistyped or over-long member is a FieldError in one
/// validation_failed (codes: unknown_field, required, wrong_type, too_short, too_long, out_of_range).
template <class T>
Result<T> from_value(const Value& value);
/// Parses and reads: malformed_json or validation_failed.
template <class T>
Result<T> read(std::string_view json);
/// The same for a caller with rules of its own, so that all problems are told at once: what the reader finds wrong is
/// added to `problems`, and those members hold nothing to go by. Errors: malformed_json, or validation_failed when the
/// text is no object.
template <class T>
Result<T> read(std::string_view json, std::vector<FieldError>& problems);
template <class T>
Value to_value(const T& object);
template <class T>
std::string write(const T& object);
template <class T>
Schema schema();

}  // namespace cardea::wire

#include "encoding/wire_impl.hpp"  // the templates' bodies
