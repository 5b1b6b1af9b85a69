#pragma once
// Where a server that listens on "HOST:PORT" is found by programs on the same machine.

#include <string>

namespace cardea::app {

/// What listens everywhere is reached by the loopback: "0.0.0.0:80" → "127.0.0.1:80", "[::]:80" → "[::1]:80".
[[nodiscard]] std::string reachable_place(const std::string& listen);

/// The address in it, as a peer's is written: without port and brackets, and "127.0.0.1" for "localhost".
[[nodiscard]] std::string address_in(const std::string& place);

}  // namespace cardea::app
