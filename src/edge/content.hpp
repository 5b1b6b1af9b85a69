#pragma once
// Which responses carry a body, in every version of HTTP.

#include "http/message.hpp"

namespace cardea::edge {

/// Not where the status rules it out (RFC 9110 §15.3.5, §15.4.5).
[[nodiscard]] constexpr bool allows_body(int status) { return status != 204 && status != 304; }

/// Whether the response to a request of that method has its body sent: to HEAD it has only the fields of one.
[[nodiscard]] inline bool sends_body(const http::Response& response, http::Method method) {
  return allows_body(response.status) && method != http::Method::head;
}

}  // namespace cardea::edge
