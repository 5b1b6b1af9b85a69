#pragma once
// For tests that spell out what the bytes 1, 2, 3, … become; the others use tests/support/random.hpp.

#include "base/random.hpp"

namespace cardea::crypto {

class CountingRandom : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out) byte = next_++;
  }

 private:
  std::uint8_t next_ = 1;
};

}  // namespace cardea::crypto
