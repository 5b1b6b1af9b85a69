#pragma once
// Argon2id (RFC 9106) with one lane, by libsodium; PHC strings.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.hpp"

namespace cardea::crypto {

class Argon2Memory;  // crypto/argon2_memory.hpp

struct Argon2Cost {
  std::int64_t memory_kib = 19 * 1024;
  std::int64_t passes = 2;
  friend bool operator==(const Argon2Cost&, const Argon2Cost&) = default;
};

/// "$argon2id$v=19$m=…,t=…,p=1$salt$hash" with a 16-byte salt and a 32-byte hash. Uses the CPU for milliseconds and
/// `memory_kib` of memory: the caller's, which it keeps for the next hash, or else mapped for this one. Throws
/// std::bad_alloc when the memory is not to be had.
[[nodiscard]] std::string argon2id(std::string_view password, const Argon2Cost& cost, Random& random,
                                   Argon2Memory* memory = nullptr);

/// A PHC string of that cost which no password has: its salt and hash are random. Made at once; to verify it costs what
/// any other does.
[[nodiscard]] std::string argon2id_of_nobody(const Argon2Cost& cost, Random& random);

/// The cost of a PHC string; absent unless it is one this program could have written (p=1, memory 8 KiB to 1 GiB,
/// 1 to 16 passes), which bounds what a planted string can cost.
[[nodiscard]] std::optional<Argon2Cost> argon2id_cost(std::string_view phc);

/// True when the password has this hash; false for a string argon2id_cost refuses.
[[nodiscard]] bool argon2id_verify(std::string_view phc, std::string_view password, Argon2Memory* memory = nullptr);

}  // namespace cardea::crypto
