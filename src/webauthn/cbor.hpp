#pragma once
// CBOR (RFC 8949) as authenticators write it, in the canonical form of CTAP2 (§8): one encoding per value, so that
// nothing can be said twice or in two ways. Strict, bounded, and without copies.

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.hpp"

namespace cardea::webauthn {

inline constexpr std::size_t deepest_cbor = 4;    // lists and maps inside each other (CTAP2 §8)
inline constexpr std::size_t most_cbor_items = 256;  // of one text, keys and values counted apart

struct CborEntry;

/// A value; texts and byte strings are views of what it was read from.
struct CborValue {
  using List = std::vector<CborValue>;
  using Map = std::vector<CborEntry>;
  std::variant<std::nullptr_t, bool, std::int64_t, BytesView, std::string_view, List, Map> state;

  template <class T>
  [[nodiscard]] const T* get() const {
    return std::get_if<T>(&state);
  }
  /// The value of a key, when this is a map that has it.
  [[nodiscard]] const CborValue* find(std::string_view key) const;
  [[nodiscard]] const CborValue* find(std::int64_t key) const;
  /// The same, when it is of that type.
  template <class T, class K>
  [[nodiscard]] const T* find_as(K key) const {
    const CborValue* value = find(key);
    return value == nullptr ? nullptr : value->get<T>();
  }
};

struct CborEntry {
  CborValue key;  // a number or a text
  CborValue value;
};

/// A value at the beginning of some bytes, and how many it takes up.
struct CborPrefix {
  CborValue value;
  std::size_t size = 0;
};
/// Absent for anything that is not canonical: lengths that are indefinite or not the shortest, keys out of order or
/// twice, text that is not UTF-8, tags, floats, numbers beyond 64 bits with a sign, and whatever crosses the limits.
[[nodiscard]] std::optional<CborPrefix> read_cbor(BytesView bytes);
/// The same of bytes that hold one value and nothing behind it.
[[nodiscard]] std::optional<CborValue> parse_cbor(BytesView bytes);

}  // namespace cardea::webauthn
