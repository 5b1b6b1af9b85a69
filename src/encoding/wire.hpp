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
// Members may be: bool, int64_t, int, std::string, Secret (read only), std::string_view (written only), Time and Date
// (as RFC 3339), Id<Tag>, enums with texts (base/enum_text.hpp), described types and wire::Value (anything);
// std::optional, std::vector and Patch of those; std::variant and WrittenList of described types (written only).
//
//   d.required(name, member, limit)    must be there; null only for a std::optional, which it clears
//   d.expected(name, member, limit)    must be there; the caller itself reports that it is missing: it is the default
//   d.optional(name, member, limit)    may be missing: the member keeps its default; an empty optional is not written
//   d.if_present(name, member, limit)  a std::optional that is missing when it is empty and never null by itself
//   d.rest(object, doc)                takes (and writes) every member not named, which are then no errors; comes last.
//                                      Where it is only written: a wire::Object, or anything with a function
//                                      `write_members(wire::Writer&, object)` in its own namespace
//
// Whole numbers take a Range instead of a Limit: d.optional("limit", s.limit, {.min = 1, .max = 100}).
// Described types are default-constructible. An item of a list has the default Limit.
//
// A type that names itself is a component of its own in the schema, and in the OpenAPI document; one name, one shape:
//
//   struct NoteBody { static constexpr std::string_view schema_name = "Note"; … };
//
// and may show what it looks like, in JSON that the document repeats: `schema_example`.

#include <array>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/enum_text.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "encoding/value.hpp"

namespace cardea::wire {

/// The JSON Schema 2020-12 of a type, as OpenAPI 3.1 uses it. Named types are in "$defs" at its root.
using Schema = Value;

/// A maximum that no schema mentions: for what is only written and has no limit to promise.
inline constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

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

// Named so that the compiler's message says what is wrong.
void a_member_has_a_short_plain_name();

/// A member's name in a description, in the form in which it is written: a literal that needs no escape.
class Name {
 public:
  consteval Name(const char* name) {  // NOLINT(google-explicit-constructor): a literal is the name
    append(",\"");
    append(name);
    append("\":");
    if (size_ < 5) a_member_has_a_short_plain_name();
  }
  /// `,"name":`
  [[nodiscard]] std::string_view after_another() const { return {text_.data(), size_}; }
  /// `"name":`
  [[nodiscard]] std::string_view first() const { return after_another().substr(1); }

 private:
  consteval void append(std::string_view piece) {
    const bool is_name = piece.front() != ',' && piece.front() != '"';
    for (const char c : piece) {
      const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
      if (size_ == text_.size() || (is_name && !is_plain)) a_member_has_a_short_plain_name();
      text_[size_++] = c;
    }
  }

  std::array<char, 39> text_{};
  std::uint8_t size_ = 0;
};

/// JSON that is written already, of a member of the rest; a view.
struct WrittenJson {
  std::string_view text;
};

/// A list that is only written: an item becomes text when it is added, so that what is read row by row need not be
/// kept.
template <class T>
class WrittenList {
 public:
  WrittenList() = default;
  /// Has room for about so many items.
  explicit WrittenList(std::size_t expected) : expected_(expected) {}

  void add(const T& item);
  /// The items with commas between.
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::size_t expected_ = 0;
  std::string text_;
};

namespace detail {

template <class T>
struct Plain {
  using type = T;
};
template <class T>
struct Plain<std::optional<T>> : Plain<T> {};
template <class T>
struct Plain<Patch<T>> : Plain<T> {};

template <class T>
concept Whole = std::same_as<typename Plain<std::remove_const_t<T>>::type, std::int64_t> ||
                std::same_as<typename Plain<std::remove_const_t<T>>::type, int>;

/// What bounds a member of type T.
template <class T>
using Bounds = std::conditional_t<Whole<T>, Range, Limit>;

template <TextEnum E>
std::vector<std::string_view> texts_of() {
  std::vector<std::string_view> texts;
  for (const auto& one : enum_texts(E{})) texts.push_back(one.text);
  return texts;
}

}  // namespace detail

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
/// Compact JSON text: members in the order of their description. A double that is not finite, which only a Value can
/// hold, throws std::invalid_argument.
template <class T>
std::string write(const T& object);
/// The schema of a described type, or of a list of one, which is then without a limit. Throws std::logic_error when two
/// different shapes have the same name.
template <class T>
Schema schema();

}  // namespace cardea::wire

// The templates' bodies.
#include "encoding/wire_reader.hpp"
#include "encoding/wire_schemer.hpp"
#include "encoding/wire_writer.hpp"
