#pragma once
// The texts of an enum's values, as settings and JSON spell them: one table per enum, beside the enum.
//
//   enum class Presence { required, optional, off };
//   constexpr auto enum_texts(Presence) {
//     return std::to_array<EnumText<Presence>>({{Presence::required, "required"}, …});
//   }
//
// `enum_texts` is found by argument-dependent lookup, so it stands in the enum's own namespace. The table names every
// value once, in the order in which they are printed.

#include <array>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <type_traits>

namespace cardea {

/// One value and its text, which is a literal.
template <class E>
struct EnumText {
  E value;
  std::string_view text;
};

/// An enum that has a table of texts.
template <class E>
concept TextEnum = std::is_enum_v<E> && requires { enum_texts(E{}); };

/// The text of a value. A value that its table forgot throws std::logic_error.
template <TextEnum E>
[[nodiscard]] constexpr std::string_view enum_text(E value) {
  for (const auto& one : enum_texts(E{})) {
    if (one.value == value) return one.text;
  }
  throw std::logic_error{"a value of an enum has no text"};
}

/// The value of a text, spelled exactly; absent when no value has it.
template <TextEnum E>
[[nodiscard]] constexpr std::optional<E> parse_enum(std::string_view text) {
  for (const auto& one : enum_texts(E{})) {
    if (one.text == text) return one.value;
  }
  return std::nullopt;
}

}  // namespace cardea
