#pragma once
// Requests that are sent twice and carried out once (Idempotency-Key). What remembers them is handed in.

#include <array>
#include <functional>

#include "http/route.hpp"

namespace cardea::http {

inline constexpr std::string_view idempotency_key = "Idempotency-Key";
inline constexpr std::size_t longest_key = 255;

inline constexpr ErrorKind idempotency_key_invalid{
    "idempotency_key_invalid", 400, "Idempotency-Key has to be 1 to 255 visible ASCII characters, such as a new UUID."};
inline constexpr ErrorKind idempotency_mismatch{"idempotency_mismatch", 422,
                                                "This Idempotency-Key was sent before, with another request."};
inline constexpr ErrorKind idempotency_in_progress{"idempotency_in_progress", 409,
                                                   "A request with this Idempotency-Key is still being carried out."};
inline constexpr ErrorKind idempotency_full{
    "idempotency_full", 429, "Too many requests with an Idempotency-Key. Wait, or send this one without."};
inline constexpr std::array idempotency_errors{&idempotency_key_invalid, &idempotency_mismatch,
                                               &idempotency_in_progress, &idempotency_full};

class Replays {
 public:
  virtual ~Replays() = default;
  /// What `run` answers; or, for a request that was carried out before under the same key, what it answered then, with
  /// the header Idempotency-Replayed. What was refused or failed is carried out again. Any thread; may block.
  /// Errors: the four above, those of `run`.
  virtual Result<Response> once(const Call& call, const std::function<Result<Response>()>& run) = 0;
};

}  // namespace cardea::http
