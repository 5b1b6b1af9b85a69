#include "db/value.hpp"

#include "db/overloaded.hpp"

namespace cardea::db {
Value to_value(const Param& param) {
  return std::visit(
      Overloaded{[](Null) -> Value { return Null{}; }, [](std::int64_t number) -> Value { return number; },
                 [](std::string_view text) -> Value { return std::string{text}; },
                 [](BytesView bytes) -> Value { return to_bytes(bytes); }},
      param);
}

Param view_of(const Value& value) {
  return std::visit(
      Overloaded{[](Null) -> Param { return Null{}; }, [](std::int64_t number) -> Param { return number; },
                 [](const std::string& text) -> Param { return std::string_view{text}; },
                 [](const Bytes& bytes) -> Param { return BytesView{bytes}; }},
      value);
}

}  // namespace cardea::db
