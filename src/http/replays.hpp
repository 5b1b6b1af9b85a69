#pragma once
// Requests that are sent twice and carried out once (Idempotency-Key). What remembers them is handed in.

#include <functional>

#include "http/route.hpp"

namespace cardea::http {

inline constexpr std::string_view idempotency_key = "Idempotency-Key";
inline constexpr std::size_t shortest_key = 16;   // what is shorter is no random number
inline constexpr std::size_t longest_key = 255;

inline constexpr ErrorKind idempotency_key_invalid{
    "idempotency_key_invalid", 400, "Idempotency-Key has to be 16 to 255 visible characters, such as a random UUID."};
inline constexpr ErrorKind idempotency_mismatch{"idempotency_mismatch", 422,
                                                "This Idempotency-Key was sent before, with another request."};
inline constexpr ErrorKind idempotency_in_progress{"idempotency_in_progress", 409,
                                                   "A request with this Idempotency-Key is still being carried out."};

class Replays {
 public:
  virtual ~Replays() = default;
  /// What `run` answers; or, for a request that was carried out before under the same key, what it answered then, with
  /// the header Idempotency-Replayed. What is refused is carried out again. Any thread; may block.
  /// Errors: the three above, those of `run`.
  virtual Result<Response> once(const Call& call, const std::function<Result<Response>()>& run) = 0;
};

}  // namespace cardea::http
