#include "edge/census.hpp"

#include <algorithm>

namespace cardea::edge {

Census::Household Census::household_of(std::string_view peer) const {
  const auto address = http::parse_address(peer.substr(0, peer.find('%')));  // without zone
  if (!address) return std::nullopt;
  const auto holds = [&address](const http::Network& network) { return http::contains(network, *address); };
  if (std::any_of(limits_.exempt.begin(), limits_.exempt.end(), holds)) return std::nullopt;
  auto octets = address->octets;
  if (!address->is_v4) std::fill(octets.begin() + 8, octets.end(), std::uint8_t{0});
  return octets;
}

bool Census::enter(const Household& household) {
  const std::lock_guard lock{mutex_};
  if (count_ >= limits_.all) return false;
  if (household) {
    std::int64_t& here = households_[*household];
    if (here >= limits_.per_address) return false;
    ++here;
  }
  ++count_;
  return true;
}

void Census::leave(const Household& household) {
  const std::lock_guard lock{mutex_};
  if (household) {
    const auto entry = households_.find(*household);
    if (--entry->second == 0) households_.erase(entry);
  }
  if (--count_ == 0) empty_.notify_all();
}

std::optional<Guest> Guest::admit(Census& census, std::string_view peer) {
  const auto household = census.household_of(peer);
  if (!census.enter(household)) return std::nullopt;
  return Guest{census, household};
}

}  // namespace cardea::edge
