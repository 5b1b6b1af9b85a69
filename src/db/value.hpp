#pragma once
// What goes into a statement and what comes out of it: integers, text, bytes, null. Nothing else is stored.

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/time.hpp"
#include "base/variant.hpp"

namespace cardea::db {

struct Null {};

/// A parameter: views only, valid for the duration of the call that takes it.
using Param = std::variant<Null, std::int64_t, std::string_view, BytesView>;

inline Param to_param(std::string_view text) { return text; }
inline Param to_param(const std::string& text) { return std::string_view{text}; }
inline Param to_param(const char* text) { return std::string_view{text}; }
inline Param to_param(BytesView bytes) { return bytes; }
inline Param to_param(const Bytes& bytes) { return BytesView{bytes}; }
template <std::size_t N>
Param to_param(const std::array<std::uint8_t, N>& bytes) {
  return BytesView{bytes};
}
inline Param to_param(bool flag) { return std::int64_t{flag ? 1 : 0}; }
template <std::integral I>
Param to_param(I number) {
  return static_cast<std::int64_t>(number);
}
inline Param to_param(Time time) { return to_micros(time); }
inline Param to_param(Duration span) { return std::int64_t{span.count()}; }
template <class Tag>
Param to_param(const Id<Tag>& id) {
  return id.bytes();
}
inline Param to_param(Null) { return Null{}; }
template <class T>
Param to_param(const std::optional<T>& value) {
  return value ? to_param(*value) : Param{Null{}};
}

/// A stored value, owned.
using Value = Variant<Null, std::int64_t, std::string, Bytes>;

/// A parameter that is kept.
[[nodiscard]] Value to_value(const Param& param);
/// A view of what is kept.
[[nodiscard]] Param view_of(const Value& value);

/// A row while it is being read: what it gives out is valid until the next row is read. Asking for a column that is not
/// there, or for another type than it holds, throws.
class RowView {
 public:
  explicit RowView(std::span<const Param> values) : values_(values) {}

  [[nodiscard]] bool is_null(std::size_t column) const { return std::holds_alternative<Null>(at(column)); }
  [[nodiscard]] std::int64_t integer(std::size_t column) const { return std::get<std::int64_t>(at(column)); }
  [[nodiscard]] bool flag(std::size_t column) const { return integer(column) != 0; }
  [[nodiscard]] std::string_view text(std::size_t column) const { return std::get<std::string_view>(at(column)); }
  [[nodiscard]] BytesView bytes(std::size_t column) const { return std::get<BytesView>(at(column)); }
  template <class IdType>
  [[nodiscard]] IdType id(std::size_t column) const {
    return IdType::from_bytes(bytes(column)).value();
  }
  [[nodiscard]] std::optional<std::string_view> maybe_text(std::size_t column) const {
    return is_null(column) ? std::nullopt : std::optional{text(column)};
  }

 private:
  [[nodiscard]] const Param& at(std::size_t column) const {
    if (column >= values_.size()) throw std::out_of_range("a row has fewer columns");
    return values_[column];
  }

  std::span<const Param> values_;
};

/// One row of a result. Asking for another type than the column holds throws: it is a bug, not an input.
class Row {
 public:
  explicit Row(std::vector<Value> values) : values_(std::move(values)) {}

  [[nodiscard]] bool is_null(std::size_t column) const { return std::holds_alternative<Null>(values_.at(column)); }
  [[nodiscard]] std::int64_t integer(std::size_t column) const { return std::get<std::int64_t>(values_.at(column)); }
  [[nodiscard]] bool flag(std::size_t column) const { return integer(column) != 0; }
  [[nodiscard]] const std::string& text(std::size_t column) const { return std::get<std::string>(values_.at(column)); }
  [[nodiscard]] const Bytes& bytes(std::size_t column) const { return std::get<Bytes>(values_.at(column)); }
  [[nodiscard]] Time time(std::size_t column) const { return from_micros(integer(column)); }
  template <class IdType>
  [[nodiscard]] IdType id(std::size_t column) const {
    return IdType::from_bytes(bytes(column)).value();
  }

  [[nodiscard]] std::optional<std::string> maybe_text(std::size_t column) const {
    return is_null(column) ? std::nullopt : std::optional{text(column)};
  }
  [[nodiscard]] std::optional<Time> maybe_time(std::size_t column) const {
    return is_null(column) ? std::nullopt : std::optional{time(column)};
  }
  [[nodiscard]] std::size_t size() const { return values_.size(); }

 private:
  std::vector<Value> values_;
};

using Rows = std::vector<Row>;

}  // namespace cardea::db
