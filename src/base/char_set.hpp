#pragma once
// Sets of characters, for what is asked of every character of a text.

#include <array>
#include <string_view>
#include <type_traits>

namespace cardea {

/// A set of bytes, made when the program is compiled; asking it is one look into a table.
class CharSet {
 public:
  explicit consteval CharSet(std::string_view members) {
    for (const char c : members) add(c);
  }
  /// Those of which `is_member` is true.
  template <class IsMember>
    requires std::is_invocable_r_v<bool, IsMember, char>
  explicit consteval CharSet(IsMember is_member) {
    for (int byte = 0; byte < 256; ++byte) {
      if (const char c = static_cast<char>(byte); is_member(c)) add(c);
    }
  }

  [[nodiscard]] constexpr bool contains(char c) const { return has_[static_cast<unsigned char>(c)]; }

 private:
  consteval void add(char c) { has_[static_cast<unsigned char>(c)] = true; }

  std::array<bool, 256> has_{};
};

}  // namespace cardea
