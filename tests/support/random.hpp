#pragma once
// Randomness that a test can repeat.

#include <mutex>
#include <random>

#include "base/random.hpp"

namespace cardea::testing_support {

class SeededRandom : public Random {
 public:
  SeededRandom() = default;
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
  void fill(std::span<std::uint8_t> out) override {
    const std::lock_guard lock{mutex_};
    for (auto& byte : out) byte = static_cast<std::uint8_t>(engine_() >> 24U);
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_;
};

}  // namespace cardea::testing_support
