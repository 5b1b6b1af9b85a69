#pragma once
// Which addresses belong to the public internet, and which to this machine, its networks, or nobody.

#include "base/bytes.hpp"

namespace cardea::outbound {

/// Whether an address of 4 or 16 bytes is a public unicast address. An IPv4 address within an IPv6 one (mapped, or
/// translated by NAT64) is judged as what it is; what tunnels (6to4, Teredo) is never public. What is of another
/// length is not.
[[nodiscard]] bool is_public_address(BytesView address);

}  // namespace cardea::outbound
