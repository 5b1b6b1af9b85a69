#include "keyring/schedule.hpp"

#include <algorithm>
#include <tuple>

namespace cardea::keyring {

void sort_by_turn(std::vector<StoredKey>& keys) {
  std::sort(keys.begin(), keys.end(), [](const StoredKey& a, const StoredKey& b) {
    return std::tie(a.signs_from, a.created_at, a.kid) < std::tie(b.signs_from, b.created_at, b.kid);
  });
}

std::optional<Time> next_key_signs_from(const std::vector<StoredKey>& keys, const Settings& settings, Time now) {
  if (keys.empty()) return now;
  const StoredKey& last = keys.back();
  const auto algorithm = to_text(settings.algorithm);
  const bool right_algorithm_waits = std::any_of(keys.begin(), keys.end(), [&](const StoredKey& key) {
    return key.signs_from > now && key.algorithm == algorithm;
  });
  const bool wrong_algorithm = last.algorithm != algorithm && !right_algorithm_waits;
  const bool old = last.signs_from + settings.rotate_every - settings.overlap <= now;
  if (!wrong_algorithm && !old) return std::nullopt;
  return std::max(now + settings.overlap, last.signs_from);
}

std::size_t signer_index(const std::vector<StoredKey>& keys, Time now) {
  std::size_t signer = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].signs_from <= now) signer = i;
  }
  return signer;
}

bool has_turn_ahead(const std::vector<StoredKey>& keys, const Settings& settings, Time now) {
  constexpr Duration clock_tolerance = std::chrono::minutes{1};
  return std::any_of(keys.begin(), keys.end(),
                     [&](const StoredKey& key) { return key.signs_from > now + settings.overlap + clock_tolerance; });
}

bool has_retired(const std::vector<StoredKey>& keys, Time now) {
  return std::any_of(keys.begin(), keys.end(),
                     [&](const StoredKey& key) { return key.published_until && *key.published_until <= now; });
}

}  // namespace cardea::keyring
