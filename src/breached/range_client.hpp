#pragma once
// A service that says which leaked passwords there are whose SHA-1 value begins with five digits (k-anonymity), as Have
// I Been Pwned's: it learns these five, one of 1,048,576 ranges, and nothing else of the password or of whose it is.
//
// Never: keeps anybody waiting for longer than `timeout`, nor more than `most_at_once` threads; asks a service again at
// once that has just failed; takes silence for an answer.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/recent_map.hpp"
#include "base/result.hpp"
#include "breached/service_settings.hpp"
#include "crypto/sha1.hpp"
#include "observe/log.hpp"
#include "observe/metrics.hpp"
#include "outbound/http.hpp"

namespace cardea::breached {

class RangeClient {
 public:
  using Instant = std::chrono::steady_clock::time_point;
  using Now = std::function<Instant()>;

  RangeClient(
      const ServiceSettings& settings, observe::Metrics& metrics, observe::Log& log,
      Now now = [] { return std::chrono::steady_clock::now(); });

  /// Whether a password of this hash has leaked; absent: nobody knows, for the service does not answer, or too many ask
  /// it already. Blocks for the time-out at most. Thread-safe.
  [[nodiscard]] std::optional<bool> holds(const crypto::Sha1& hash);

  static constexpr int most_at_once = 4;
  static constexpr int failures_before_pause = 3;
  static constexpr std::chrono::seconds pause{30};
  static constexpr std::chrono::hours kept_for{6};
  static constexpr std::size_t most_kept = 512;  // ranges, of 4 KB each

 private:
  struct Range {
    std::vector<std::uint32_t> rests;  // ascending
    Instant read_at;
  };
  [[nodiscard]] std::optional<bool> recall(std::uint32_t range, std::uint32_t rest, Instant now) const;
  [[nodiscard]] bool is_paused(Instant now) const;
  [[nodiscard]] std::optional<std::vector<std::uint32_t>> ask(std::uint32_t range, Instant now);
  void count_failure(const std::string& reason, Instant now);
  observe::Counter& outcome(const char* which) const;

  const std::string url_;
  const outbound::HttpSettings http_;
  observe::Metrics& metrics_;
  observe::Log& log_;
  const Now now_;
  std::atomic<int> asking_ = 0;
  mutable std::mutex mutex_;
  RecentMap<std::uint32_t, Range> ranges_{most_kept};
  int failures_ = 0;  // in a row
  Instant paused_until_{};
};

/// The hashes of a range, as the service writes them; those that only fill it up are left out. Errors:
/// breached.unusable.
Result<std::vector<std::uint32_t>> read_range(std::uint32_t range, std::string_view body);

}  // namespace cardea::breached
