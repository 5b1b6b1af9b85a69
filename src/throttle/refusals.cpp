#include "throttle/refusals.hpp"

namespace cardea::throttle {

std::optional<Duration> Refusals::wait(std::string_view key, Time now) const {
  const std::lock_guard lock{mutex_};
  const auto found = refusals_.find(key);
  if (found == refusals_.end()) return std::nullopt;
  const Refusal& refusal = found->second;
  if (now < refusal.at || now >= refusal.until || now - refusal.at > trusted_for) return std::nullopt;
  return refusal.until - now;
}

void Refusals::remember(std::string_view key, Duration wait, Time now) {
  const std::lock_guard lock{mutex_};
  if (refusals_.size() >= most_) {
    std::erase_if(refusals_, [now](const auto& each) { return now - each.second.at > trusted_for; });
    if (refusals_.size() >= most_) refusals_.clear();
  }
  refusals_.insert_or_assign(std::string{key}, Refusal{.at = now, .until = now + wait});
}

}  // namespace cardea::throttle
