#pragma once
// A response as a test reads it.

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "encoding/value.hpp"
#include "http/message.hpp"

namespace cardea::wire {
/// For GoogleTest: the JSON text.
void PrintTo(const Value& value, std::ostream* out);
}  // namespace cardea::wire

namespace cardea::testing_support {

struct Answer {
  int status = 0;
  http::Headers headers;
  std::string body;

  [[nodiscard]] std::string header(std::string_view name) const { return std::string{headers.get(name)}; }
  /// Every value of a field, in order.
  [[nodiscard]] std::vector<std::string> all(std::string_view name) const;
  /// The Set-Cookie field of that cookie, whole; empty when it is not set.
  [[nodiscard]] std::string set_cookie(std::string_view name) const;

  /// The whole body as JSON, or what stands at "user/name" or "data/0/id" in it. Fails the test when it is not there.
  [[nodiscard]] wire::Value json(std::string_view path = "") const;
  [[nodiscard]] bool has(std::string_view path) const;
  /// A text at that path.
  [[nodiscard]] std::string text(std::string_view path) const;
  /// How many items or members stand there.
  [[nodiscard]] std::size_t count(std::string_view path = "") const;
  /// The names of the members there, sorted.
  [[nodiscard]] std::vector<std::string> members(std::string_view path = "") const;

  /// The problem's code, or empty.
  [[nodiscard]] std::string code() const;
  /// "field:code" of each field problem, sorted.
  [[nodiscard]] std::vector<std::string> problems() const;

  [[nodiscard]] bool mentions(std::string_view text) const { return body.find(text) != std::string::npos; }
};

/// For GoogleTest: status and body.
void PrintTo(const Answer& answer, std::ostream* out);

}  // namespace cardea::testing_support
