#pragma once
// One-time passwords by counter and by time: HMAC-SHA-1, six digits, steps of thirty seconds. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

namespace cardea::totp {

inline constexpr std::size_t secret_size = 20;  // bytes: 160 bits (RFC 4226 §4, R6)
inline constexpr std::chrono::seconds step_length{30};
inline constexpr std::size_t digits = 6;

/// The code of one counter (RFC 4226 §5.3).
[[nodiscard]] std::string code_of(BytesView secret, std::int64_t counter);
/// The step that an instant lies in (RFC 6238 §4.2).
[[nodiscard]] std::int64_t step_of(Time now);

/// The six digits that somebody typed; spaces in them do not count. Absent for anything else, digits of other scripts
/// included.
[[nodiscard]] std::optional<std::string> read_code(std::string_view typed);

/// What a code is worth at an instant.
struct Verdict {
  std::optional<std::int64_t> step = {};  // that it is the code of, and that it may be used for
  bool is_late = false;                   // it was good once: used, or shown some minutes ago
};
/// Accepts the code of this step or the one before (RFC 6238 §5.2: the way from the app to here takes time), if it is
/// later than `last_step`, the last that was used. Takes as long for every code.
[[nodiscard]] Verdict judge(const Secret& secret, std::string_view typed, std::int64_t last_step, Time now);

/// The last step as it binds at `now`. Codes are accepted up to the step of the server's clock, so one that lies more
/// than an hour ahead was written by a clock that was wrong, and would shut the owner out until then.
[[nodiscard]] std::int64_t bounded_step(std::int64_t last_step, Time now);
inline constexpr std::int64_t farthest_step = std::chrono::hours{1} / step_length;

}  // namespace cardea::totp
