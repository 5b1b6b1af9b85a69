#pragma once
// What of a response is sent, in every version of HTTP.

#include <string_view>

#include "http/message.hpp"

namespace cardea::edge {

/// Not where the status rules it out (RFC 9110 §15.3.5, §15.4.5).
[[nodiscard]] constexpr bool allows_body(int status) { return status != 204 && status != 304; }

/// Whether the response to a request of that method has its body sent: to HEAD it has only the fields of one.
[[nodiscard]] inline bool sends_body(const http::Response& response, http::Method method) {
  return allows_body(response.status) && method != http::Method::head;
}

/// False when a field would not be one field on the wire (a line break in a value is response splitting), or the status
/// is none of a final response.
[[nodiscard]] bool is_sendable(const http::Response& response);

/// Whether the edge alone says it: fields about the body's length, the date and the connection.
[[nodiscard]] bool is_for_edge(std::string_view name);

}  // namespace cardea::edge
