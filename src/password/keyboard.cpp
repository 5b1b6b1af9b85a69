#include "password/keyboard.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "encoding/utf8.hpp"

namespace cardea::password {
namespace {

constexpr std::size_t row_count = 4;
using Rows = std::array<std::u32string_view, row_count>;

/// Keys by row and column. A key has below it the one of its own column and the one of the column before.
struct Layout {
  Rows plain;
  Rows shifted;
};

constexpr std::array<Layout, 5> layouts{{
    {{U"1234567890-=", U"qwertyuiop[]\\", U"asdfghjkl;'", U"zxcvbnm,./"},
     {U"!@#$%^&*()_+", U"QWERTYUIOP{}|", U"ASDFGHJKL:\"", U"ZXCVBNM<>?"}},
    {{U"1234567890ß´", U"qwertzuiopü+", U"asdfghjklöä#", U"yxcvbnm,.-"},
     {U"!\"§$%&/()=?`", U"QWERTZUIOPÜ*", U"ASDFGHJKLÖÄ'", U"YXCVBNM;:_"}},
    {{U"&é\"'(-è_çà)=", U"azertyuiop^$", U"qsdfghjklmù*", U"wxcvbn,;:!"},
     {U"1234567890°+", U"AZERTYUIOP¨£", U"QSDFGHJKLM%µ", U"WXCVBN?./§"}},
    {{U"1234567890-=", U"йцукенгшщзхъ", U"фывапролджэ", U"ячсмитьбю."},
     {U"!\"№;%:?*()_+", U"ЙЦУКЕНГШЩЗХЪ", U"ФЫВАПРОЛДЖЭ", U"ЯЧСМИТЬБЮ,"}},
    {{U"789", U"456", U"123", U"0."}, {}},
}};

// What each kind of step costs, in bits. A key out of about fifty takes six; the first is mostly one at an edge.
constexpr double first_key = 4.0;
constexpr double first_step_of_a_repetition = 1.5;
constexpr double next_step_of_a_repetition = 0.25;
constexpr double same_step_again = 0.5;
constexpr double same_step_after_a_jump = 1.0;
constexpr double to_a_neighbour = 3.0;
constexpr double from_row_to_row = 3.0;
constexpr double anywhere = 6.0;
constexpr double change_of_shift = 1.0;
constexpr std::size_t longest_period = 10;

struct Key {
  int row;
  int column;
  bool shift;
};

struct Step {
  int down;
  int right;
  bool operator==(const Step&) const = default;
};

std::optional<Key> find_key(const Layout& layout, char32_t code) {
  for (std::size_t row = 0; row < row_count; ++row) {
    const auto plain = layout.plain[row].find(code);
    const auto shifted = layout.shifted[row].find(code);
    const auto column = std::min(plain, shifted);
    if (column != std::u32string_view::npos) {
      return Key{static_cast<int>(row), static_cast<int>(column), plain == std::u32string_view::npos};
    }
  }
  return std::nullopt;
}

bool is_to_a_neighbour(Step step) {
  const bool in_row = step.down == 0 && std::abs(step.right) <= 1;
  const bool below = step.down == 1 && (step.right == 0 || step.right == -1);
  const bool above = step.down == -1 && (step.right == 0 || step.right == 1);
  return in_row || below || above;
}

/// A text as pressed on one layout.
class Walk {
 public:
  Walk(const Layout& layout, std::u32string_view codes) : codes_(codes) {
    for (const char32_t code : codes) keys_.push_back(find_key(layout, code));
  }
  ~Walk() { wipe(keys_.data(), keys_.size() * sizeof(keys_[0])); }
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;

  [[nodiscard]] double bits(std::size_t period) const {
    double sum = first_key;
    for (std::size_t i = 1; i < keys_.size(); ++i) sum += bits_of_step(i, period);
    return sum;
  }

 private:
  /// From the key before `i` to that at `i`.
  [[nodiscard]] std::optional<Step> step(std::size_t i) const {
    if (!keys_[i - 1] || !keys_[i]) return std::nullopt;
    return Step{keys_[i]->row - keys_[i - 1]->row, keys_[i]->column - keys_[i - 1]->column};
  }

  [[nodiscard]] bool shift(std::size_t i) const { return keys_[i] && keys_[i]->shift; }

  [[nodiscard]] bool repeats(std::size_t i, std::size_t distance) const {
    if (i <= distance) return false;
    return codes_[i] == codes_[i - distance] || (step(i) && step(i) == step(i - distance));
  }

  [[nodiscard]] bool is_at_the_start_of_a_row(std::size_t i) const { return keys_[i] && keys_[i]->column == 0; }

  [[nodiscard]] double bits_of_step(std::size_t i, std::size_t period) const {
    const bool same_shift = shift(i) == shift(i - 1) || (i >= period && shift(i) == shift(i - period));
    return (same_shift ? 0 : change_of_shift) + bits_of_move(i, period);
  }

  [[nodiscard]] double bits_of_move(std::size_t i, std::size_t period) const {
    if (repeats(i, period) && repeats(i - 1, period)) return next_step_of_a_repetition;
    if (repeats(i, 1)) return same_step_again;
    if (repeats(i, 2)) return same_step_after_a_jump;
    if (repeats(i, period)) return first_step_of_a_repetition;
    if (step(i) && is_to_a_neighbour(*step(i))) return to_a_neighbour;
    if (is_at_the_start_of_a_row(i) || is_at_the_start_of_a_row(i - 1)) return from_row_to_row;
    return anywhere;
  }

  std::u32string_view codes_;
  std::vector<std::optional<Key>> keys_;
};

}  // namespace

double keyboard_bits(std::string_view text) {
  auto codes = unicode::decode(text).value_or(std::u32string{});
  double least = std::numeric_limits<double>::infinity();
  for (const auto& layout : layouts) {
    const Walk walk{layout, codes};
    for (std::size_t period = 1; period <= longest_period; ++period) least = std::min(least, walk.bits(period));
  }
  wipe(codes.data(), codes.size() * sizeof(char32_t));
  return least;
}

}  // namespace cardea::password
