#include "crypto/system_random.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "crypto/start.hpp"

namespace cardea::crypto {

void start_library() {
  static const bool started = sodium_init() >= 0;
  if (!started) throw std::runtime_error{"libsodium cannot start"};
}

SystemRandom::SystemRandom() { start_library(); }

void SystemRandom::fill(std::span<std::uint8_t> out) { randombytes_buf(out.data(), out.size()); }

SuppliedRandom::SuppliedRandom() { start_library(); }

void SuppliedRandom::fill(std::span<std::uint8_t> out) {
  struct Supply {
    std::array<std::uint8_t, 1024> bytes;
    std::size_t used = sizeof bytes;
  };
  thread_local Supply supply{};
  if (out.size() > supply.bytes.size() - supply.used) {
    if (out.size() > supply.bytes.size()) return randombytes_buf(out.data(), out.size());
    randombytes_buf(supply.bytes.data(), supply.bytes.size());
    supply.used = 0;
  }
  const auto next = std::span{supply.bytes}.subspan(supply.used, out.size());
  std::copy(next.begin(), next.end(), out.begin());
  supply.used += out.size();
}

}  // namespace cardea::crypto
