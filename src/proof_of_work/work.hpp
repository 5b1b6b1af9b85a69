#pragma once
// The challenge of a proof of work and what solves it. A challenge holds all that is to be known of it and is signed,
// so that none is stored, whichever process made it.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "base/time.hpp"

namespace cardea::proof_of_work {

/// Bits of a digest that are 0. Each one more doubles the work: 2^18 digests are half a second on a slow phone.
inline constexpr std::int64_t least_bits = 8;
inline constexpr std::int64_t most_bits = 22;

struct Terms {
  std::array<std::uint8_t, 16> seed{};  // which tells it from all others
  Time expires_at = {};
  std::int64_t bits = 0;
};

/// How far another process's clock may be ahead of ours.
inline constexpr Duration clock_tolerance = std::chrono::minutes{1};
/// Whether a challenge can be solved yet. One that would last longer than any does was made by a wrong clock.
[[nodiscard]] inline bool is_live(const Terms& terms, Duration lifetime, Time now) {
  return now < terms.expires_at && terms.expires_at - now <= lifetime + clock_tolerance;
}

class Challenges {
 public:
  /// `key` is 32 bytes, for this only; `purpose` is what the proofs are good for.
  Challenges(Secret key, std::string_view purpose);
  /// 76 characters of base64url.
  [[nodiscard]] std::string make(const Terms& terms) const;
  /// Absent unless `make` has made it, for the same purpose. Constant time in what it holds.
  [[nodiscard]] std::optional<Terms> read(std::string_view text) const;

 private:
  Secret key_;
  std::string purpose_;
};

/// "text:number" taken apart; without the colon there is no number.
struct Proof {
  std::string_view challenge;
  std::optional<std::string_view> number = {};
};
[[nodiscard]] Proof read_proof(std::string_view proof);

/// Whether SHA-256 of the challenge, a colon and the number begins with so many bits that are 0. The number is 1 to 16
/// decimal digits, or it solves nothing.
[[nodiscard]] bool solves(std::string_view challenge, std::string_view number, std::int64_t bits);

}  // namespace cardea::proof_of_work
