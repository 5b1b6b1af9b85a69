#pragma once

#include "base/random.hpp"

namespace cardea::crypto {

/// The operating system's generator, by libsodium. Made only in `app`.
class SystemRandom : public Random {
 public:
  SystemRandom();  // throws std::runtime_error when the library cannot start
  void fill(std::span<std::uint8_t> out) override;
};

/// The same with a supply for each thread, so that not every few bytes are a system call. For what must be unique and
/// may be seen, such as ids of requests: a supply is bytes that somebody with this process's memory sees beforehand.
class SuppliedRandom : public Random {
 public:
  SuppliedRandom();  // as SystemRandom
  void fill(std::span<std::uint8_t> out) override;
};

}  // namespace cardea::crypto
