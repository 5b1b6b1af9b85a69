#pragma once
// Stamps: an id and an instant that this server has signed for one purpose. Challenges and the cookie of a bound
// session are such stamps, so that neither takes a statement to make or to read, in whatever process.

#include <optional>
#include <string>
#include <string_view>

#include "base/id.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

namespace cardea::device_session {

/// What a stamp is good for; one of another purpose is none.
enum class Purpose : std::uint8_t { registration = 1, refresh = 2, cookie = 3 };

struct Stamp {
  RawId of{};
  Time at;
};

/// How far another process's clock may be ahead of ours.
inline constexpr Duration clock_tolerance = std::chrono::minutes{1};
/// Whether less than `lifetime` has passed since, and the stamp is of no time to come.
[[nodiscard]] inline bool is_good(const Stamp& stamp, Duration lifetime, Time now) {
  return now - stamp.at < lifetime && stamp.at - now <= clock_tolerance;
}

class Stamps {
 public:
  /// `key` is 32 bytes, for this purpose only.
  explicit Stamps(Secret key);
  /// 75 characters of base64url.
  [[nodiscard]] std::string make(Purpose purpose, const Stamp& stamp) const;
  /// Absent unless `make` has made it for this purpose. Constant time in what it holds.
  [[nodiscard]] std::optional<Stamp> read(Purpose purpose, std::string_view text) const;

 private:
  Secret key_;
};

}  // namespace cardea::device_session
