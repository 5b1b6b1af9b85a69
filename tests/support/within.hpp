#pragma once
// Waiting for what another thread or process does.

#include <chrono>
#include <thread>

namespace cardea::testing_support {

/// Whether `is_met` comes true, asked every few milliseconds.
template <class Met>
bool within(std::chrono::seconds most, Met is_met) {
  for (const auto end = std::chrono::steady_clock::now() + most; std::chrono::steady_clock::now() < end;) {
    if (is_met()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  return is_met();
}

}  // namespace cardea::testing_support
