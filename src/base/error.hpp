#pragma once
// Expected failures as values. A feature lists its kinds beside itself; `code` is API and is never renamed.

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cardea {

/// Whether something that the server stands on is broken, and whether it mends by itself. Logged as an error; who asks
/// is told to come back unless somebody has to do something first.
enum class Fault { none, passing, lasting };

/// One row of the error catalogue.
struct ErrorKind {
  std::string_view code;   // stable, "feature.reason"
  int status;              // HTTP status of a response that reports it
  std::string_view title;  // one sentence for a person, says the next step
  Fault fault = Fault::none;
};

/// What is wrong with one input field.
struct FieldError {
  std::string field;   // the name of the member, or "a/b" below it
  std::string code;    // stable, "password_short"
  std::string detail;  // one sentence for a person, in the API's English; pages have their own words for the code
  std::string_view variant = {};           // which of the code's sentences on pages, when it has several: "low"
  std::optional<std::int64_t> limit = {};  // the number in the sentence
};

/// A failure the caller can expect.
struct Error {
  const ErrorKind* kind;
  std::string detail = {};               // for the operator's log; never sent, never secret
  std::vector<FieldError> fields = {};   // sent: which inputs to correct
  std::optional<std::chrono::microseconds> retry_after = {};  // sent as Retry-After, rounded up to seconds

  // NOLINTNEXTLINE(google-explicit-constructor): `return not_found;` reads well
  Error(const ErrorKind& kind_) : kind(&kind_) {}
  Error(const ErrorKind& kind_, std::string detail_) : kind(&kind_), detail(std::move(detail_)) {}
  Error(const ErrorKind& kind_, std::vector<FieldError> fields_) : kind(&kind_), fields(std::move(fields_)) {}
  // A copy of a kind, such as a lambda without a return type makes, would dangle.
  Error(const ErrorKind&&) = delete;
  Error(const ErrorKind&&, std::string) = delete;
  Error(const ErrorKind&&, std::vector<FieldError>) = delete;

  [[nodiscard]] bool is(const ErrorKind& other) const { return kind->code == other.code; }
};

/// The base of exceptions that mean "not now": something this program needs is gone or full. It is answered with 503.
class Unavailable : public std::runtime_error {
 public:
  explicit Unavailable(const std::string& what, const ErrorKind* kind = nullptr)
      : std::runtime_error(what), kind_(kind) {}
  /// What the client is told; null: that the server is busy.
  [[nodiscard]] const ErrorKind* kind() const { return kind_; }

 private:
  const ErrorKind* kind_;
};

/// Kinds every module may answer with.
inline constexpr ErrorKind validation_failed{"validation_failed", 422, "Some fields need attention."};
inline constexpr ErrorKind not_found{"not_found", 404, "There is nothing here."};
inline constexpr ErrorKind overloaded{"overloaded", 503, "The server is busy. Try again in a moment."};

/// A full queue or memory: try again in a second.
[[nodiscard]] inline Error overload() {
  Error error{overloaded};
  error.retry_after = std::chrono::seconds{1};
  return error;
}

}  // namespace cardea
