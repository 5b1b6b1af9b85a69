#pragma once
// A std::variant that can be copied while memory ends.

#include <type_traits>
#include <utility>
#include <variant>

namespace cardea {

/// For alternatives of which copying may throw: strings, vectors and the like. Where all are of that kind, libstdc++ 12
/// takes it that a variant always holds one of them, also while it is copied; so when a copy throws, it destroys an
/// alternative that was never made, by an index that is none, which is a jump to anywhere. Here the copy is whole
/// before it becomes one of the variant's.
template <class... Ts>
class Variant : public std::variant<Ts...> {
  using Base = std::variant<Ts...>;

 public:
  using Base::Base;
  using Base::operator=;

  Variant() = default;
  Variant(const Variant& other) : Base(copy_of(other)) {}
  Variant(Variant&& other) noexcept = default;
  // NOLINTNEXTLINE(cert-oop54-cpp): the copy is made first, of itself too.
  Variant& operator=(const Variant& other) { return *this = Variant(other); }
  Variant& operator=(Variant&& other) noexcept = default;
  ~Variant() = default;

 private:
  static Base copy_of(const Base& other) {
    const auto copy = [](const auto& each) {
      return Base{std::in_place_type<std::remove_cvref_t<decltype(each)>>, each};
    };
    return std::visit(copy, other);
  }
};

}  // namespace cardea
