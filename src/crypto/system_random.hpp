#pragma once

#include "base/random.hpp"

namespace cardea::crypto {

/// The operating system's generator, by libsodium. Made only in `app`.
class SystemRandom : public Random {
 public:
  SystemRandom();  // throws std::runtime_error when the library cannot start
  void fill(std::span<std::uint8_t> out) override;
};

}  // namespace cardea::crypto
