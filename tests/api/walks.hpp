#pragma once
// Random walks: how many there are, and which one failed.

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace cardea::api_tests {

/// An engine, and how many walks it usually sees.
using Walks = std::pair<const char*, unsigned>;
inline auto usual_walks() { return ::testing::Values(Walks{"sqlite", 12}, Walks{"postgres", 4}); }

/// Walks of so many steps each, until one fails. CARDEA_WALKS times as many as usual, for a night's run.
template <class Walk>
void make_walks(const Walks& usual, std::size_t steps) {
  const char* times = std::getenv("CARDEA_WALKS");
  const auto count = times == nullptr ? usual.second : usual.second * static_cast<unsigned>(std::stoul(times));
  for (unsigned seed = 1; seed <= count; ++seed) {
    Walk walk{std::string_view{usual.first}, seed};
    for (std::size_t i = 0; i < steps; ++i) {
      walk.step();
      ASSERT_FALSE(::testing::Test::HasFailure()) << "seed " << seed << ", step " << i;
    }
  }
}

}  // namespace cardea::api_tests
