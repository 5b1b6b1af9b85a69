#pragma once
// Counts Argon2 computations, and lets a test act in the middle of one: the instant between the two transactions of a
// sign-in, when nothing is locked. The linker puts the probe in front of libsodium's crypto_pwhash
// (cmake/Modules.cmake).

#include <cstdint>
#include <functional>

namespace cardea::testing_support {

/// How many passwords this process has hashed or compared so far.
[[nodiscard]] std::int64_t hashes_computed();

/// While it lives, the next computation is followed by `act`, once.
class DuringNextHash {
 public:
  explicit DuringNextHash(std::function<void()> act);
  ~DuringNextHash();
  DuringNextHash(const DuringNextHash&) = delete;
  DuringNextHash& operator=(const DuringNextHash&) = delete;
};

}  // namespace cardea::testing_support
