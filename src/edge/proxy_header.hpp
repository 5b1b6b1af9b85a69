#pragma once
// The header of the PROXY protocol, versions 1 and 2 (HAProxy, proxy-protocol.txt), with which a proxy that passes on
// bytes tells whose they are. A pure parser, and the one reader of a socket that uses it.

#include <optional>
#include <string>
#include <string_view>

#include "edge/asio.hpp"
#include "edge/io_thread.hpp"

namespace cardea::edge {

inline constexpr std::size_t max_proxy_header =
    4 * 1024;  // bytes, with the additions of version 2, which are passed over

/// What is known of the bytes received so far.
struct ProxyHeader {
  enum class State { incomplete, complete, malformed } state = State::malformed;
  std::size_t needed = 0;  // incomplete: so many bytes more are the header's for certain
  // complete:
  std::optional<std::string> client = {};  // its address; absent: none is told
  bool is_own = false;  // the proxy speaks for itself, as when it checks the health of this server
};

/// Reads a header that is all there is of `received`: what is behind it must not be received yet. TCP over IPv4 and
/// IPv6; UNKNOWN and families that are no addresses name nobody.
[[nodiscard]] ProxyHeader parse_proxy_header(std::string_view received);

/// Receives a header and not a byte more, within `patience`. Absent when it is malformed or does not come.
[[nodiscard]] Task<std::optional<ProxyHeader>> receive_proxy_header(Socket& socket, const std::string& proxy,
                                                                    IoThread& thread, Duration patience);

}  // namespace cardea::edge
