#pragma once
// Where something came from, as it is shown: about where, and not which machine.

#include <string>
#include <string_view>

namespace cardea {

/// The network around an address: "203.0.113.0/24", "2001:db8:1::/48". Empty for what is no address.
[[nodiscard]] std::string coarse_network(std::string_view address);

}  // namespace cardea
