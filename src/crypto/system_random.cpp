#include "crypto/system_random.hpp"

#include <sodium.h>

#include <stdexcept>

#include "crypto/start.hpp"

namespace cardea::crypto {

void start_library() {
  static const bool started = sodium_init() >= 0;
  if (!started) throw std::runtime_error{"libsodium cannot start"};
}

SystemRandom::SystemRandom() { start_library(); }

void SystemRandom::fill(std::span<std::uint8_t> out) { randombytes_buf(out.data(), out.size()); }

}  // namespace cardea::crypto
