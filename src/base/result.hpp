#pragma once
// Result<T>: a value or an Error. TRY unwraps or returns; use it in plain functions, never in coroutines.

#include <cassert>
#include <utility>
#include <variant>

#include "base/error.hpp"

namespace cardea {

/// The value of a function that succeeds with nothing to say.
struct Done {};
inline constexpr Done done{};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}        // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}    // NOLINT(google-explicit-constructor)
  Result(const ErrorKind& kind) : state_(std::in_place_index<1>, kind) {}      // NOLINT(google-explicit-constructor)
  Result(const ErrorKind&&) = delete;  // a copy of a kind would dangle

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  /// The value. Asking for the value of a failure is a bug and throws std::bad_variant_access.
  [[nodiscard]] T& value() & { return std::get<0>(state_); }
  [[nodiscard]] const T& value() const& { return std::get<0>(state_); }
  T value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  [[nodiscard]] const Error& error() const& { return std::get<1>(state_); }
  [[nodiscard]] Error error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

}  // namespace cardea

/// Unwraps a Result or returns its error from the calling function.
#define TRY(expression)                                         \
  ({                                                            \
    auto try_result = (expression);                             \
    if (!try_result.ok()) return std::move(try_result).error(); \
    std::move(try_result).value();                              \
  })
