#pragma once
// JSON as a value: parsed strictly and bounded, members in order, no duplicates.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/variant.hpp"

namespace cardea::wire {

class Value;
using Array = std::vector<Value>;
struct Member;
using Object = std::vector<Member>;

/// A JSON value. Text is wiped when it goes, because any of it may be a password.
class Value {
 public:
  using State = Variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object>;

  // NOLINTBEGIN(google-explicit-constructor): `{"name", 3}` reads well
  Value();
  Value(std::nullptr_t);
  Value(bool flag);
  Value(std::int64_t number);
  Value(int number);
  Value(double number);
  Value(std::string text);
  Value(std::string_view text);
  Value(const char* text);
  Value(Array items);
  Value(Object members);
  // NOLINTEND(google-explicit-constructor)
  Value(const Value& other);
  Value(Value&& other) noexcept;
  Value& operator=(const Value& other);
  Value& operator=(Value&& other) noexcept;  // wipes what it replaces
  ~Value();

  template <class T>
  [[nodiscard]] bool is() const {
    return std::holds_alternative<T>(state_);
  }
  template <class T>
  [[nodiscard]] const T* get() const {
    return std::get_if<T>(&state_);
  }
  template <class T>
  [[nodiscard]] T* get() {
    return std::get_if<T>(&state_);
  }
  [[nodiscard]] const State& state() const { return state_; }

  /// The member of that name, when this is an object that has it.
  [[nodiscard]] const Value* find(std::string_view name) const;

 private:
  State state_;
};

struct Member {
  std::string name;
  Value value;
};

/// Same type, same content, members in the same order.
[[nodiscard]] bool operator==(const Value& a, const Value& b);
[[nodiscard]] bool operator==(const Member& a, const Member& b);

// Defined here because State is complete only when Member is.
inline Value::Value() : state_(nullptr) {}
inline Value::Value(std::nullptr_t) : state_(nullptr) {}
inline Value::Value(bool flag) : state_(flag) {}
inline Value::Value(std::int64_t number) : state_(number) {}
inline Value::Value(int number) : state_(std::int64_t{number}) {}
inline Value::Value(double number) : state_(number) {}
inline Value::Value(std::string text) : state_(std::move(text)) {}
inline Value::Value(std::string_view text) : state_(std::string{text}) {}
inline Value::Value(const char* text) : state_(std::string{text}) {}
inline Value::Value(const Value& other) = default;
inline Value::Value(Value&& other) noexcept = default;

inline constexpr ErrorKind malformed_json{"malformed_json", 400, "The body is not valid JSON."};

/// Limits of a parse; crossing one is malformed_json.
struct Limits {
  std::size_t depth = 16;
  std::size_t members = 1000;  // of all objects and arrays together
};

/// Parses one JSON text (RFC 8259): valid UTF-8, no duplicate names, no trailing data, no NUL in text, integers
/// without loss or else a finite double.
Result<Value> parse(std::string_view json, const Limits& limits = {});

/// Compact JSON text. A double that is not finite throws std::invalid_argument.
std::string to_json(const Value& value);
void append_json(std::string& out, const Value& value);
void append_json_integer(std::string& out, std::int64_t number);
/// Appends `text` as a JSON string, quotes included, "<", ">" and "&" escaped so that it is inert inside HTML.
void append_json_string(std::string& out, std::string_view text);

}  // namespace cardea::wire
