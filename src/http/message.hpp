#pragma once
// http: requests, responses, routes and the pipeline between them. Plain data: no sockets, no threads.
//
// Never: authentication itself (an Authenticator is handed in), TLS, framing.

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/small_vector.hpp"
#include "base/text_store.hpp"
#include "http/field.hpp"
#include "http/response_body.hpp"

namespace cardea::http {

enum class Method { get, head, post, put, patch, del, options };
[[nodiscard]] std::optional<Method> parse_method(std::string_view text);
[[nodiscard]] std::string_view to_text(Method method);
/// All that parse_method knows, as the header Allow lists them.
inline constexpr std::string_view every_method = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
/// The target of OPTIONS that asks about no resource in particular (RFC 9110 §9.3.7).
inline constexpr std::string_view whole_server = "*";
/// GET, HEAD and OPTIONS change nothing (RFC 9110 §9.2.1).
[[nodiscard]] constexpr bool is_safe(Method method) {
  return method == Method::get || method == Method::head || method == Method::options;
}

/// A field. Views into the Headers that hold it, or constants.
struct Header {
  std::string_view name;
  std::string_view value;
  bool is_constant = false;  // was checked when the program was compiled
};

/// A field of a response that is known, and checked, when the program is compiled.
class ConstantHeader {
 public:
  template <std::size_t N, std::size_t M>
  consteval ConstantHeader(const char (&name)[N], const char (&value)[M])
      : field_{.name = {name, N - 1}, .value = {value, M - 1}, .is_constant = true} {
    if (!is_token(field_.name) || !is_field_value(field_.value)) throw "not a header field";
  }
  [[nodiscard]] constexpr const Header& field() const { return field_; }

 private:
  Header field_;
};

/// Header fields in order. Names compare without regard to case.
class Headers {
 public:
  Headers() = default;
  Headers(const Headers& other) { *this = other; }
  Headers& operator=(const Headers& other);
  Headers(Headers&&) noexcept = default;
  Headers& operator=(Headers&&) noexcept = default;
  ~Headers() = default;

  void add(std::string_view name, std::string_view value) {
    fields_.push_back({texts_.keep(name), texts_.keep(value)});
  }
  void add(const ConstantHeader& constant) { fields_.push_back(constant.field()); }
  /// For a parser: a copy that lives as long as this, and a field of views into such a copy.
  [[nodiscard]] std::string_view keep(std::string_view text) { return texts_.keep(text); }
  void add_kept(std::string_view name, std::string_view value) { fields_.push_back({name, value}); }
  /// Replaces every field of that name.
  void set(std::string_view name, std::string_view value);
  /// The first field of that name, or empty. A view into this object.
  [[nodiscard]] std::string_view get(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] std::span<const Header> fields() const { return fields_; }

 private:
  SmallVector<Header, 12> fields_;  // as many as most messages have
  TextStore texts_;
};

/// The items of a header that is a list, over all its lines in the order sent, without empty ones (RFC 9110 §5.6.1).
/// Commas within quotes separate too: none of the lists that are read needs them, and a quote that a client opened must
/// not swallow what a proxy wrote behind it. Views into the headers.
[[nodiscard]] std::vector<std::string_view> list_items(const Headers& headers, std::string_view name);

/// Whether a header that may occur once occurs twice (Authorization, Content-Type, Origin, Host, Sec-Fetch-Site …): two
/// parsers on the way may each believe another one (RFC 9110 §5.3). The pipeline refuses such a request, so that `get`
/// is the one value there is.
[[nodiscard]] bool repeats_singleton(const Headers& headers);

/// A request as it came from the wire, framing already checked.
struct Request {
  Method method = Method::get;
  std::string target;  // path and query as sent; `whole_server` for OPTIONS *
  std::string path;  // decoded once; "/" at least, or `whole_server`
  std::string query;  // raw, without "?"
  Headers headers;
  std::string body;  // wiped by the edge after the answer
  std::string peer;  // the address of the other end of the socket, without port; canonical text (RFC 5952)
  bool secure = false;  // came over TLS on our own listener
  std::optional<std::chrono::steady_clock::time_point> arrived = {};  // when the first byte of its head was read
};

struct Response {
  int status = 200;
  Headers headers;
  ResponseBody body;
};

/// Splits a request target into path and query, decoding the path once. Refuses NUL, bad escapes, an encoded slash or
/// backslash, dot segments and anything that does not start with "/": two parsers must never disagree about a path.
[[nodiscard]] bool parse_target(std::string_view target, std::string& path, std::string& query);

/// Whether every escape of a query is right, its text UTF-8 without NUL, and no parameter there twice. The pipeline
/// lets no other through.
[[nodiscard]] bool is_query(std::string_view query);

/// The value of one query parameter, decoded; absent when missing, repeated or badly encoded.
[[nodiscard]] std::optional<std::string> query_value(std::string_view query, std::string_view name);

}  // namespace cardea::http
