#pragma once
// How many random walks a test makes: CARDEA_WALKS times as many as usual, for a night's run.

#include <cstdlib>
#include <string>

namespace cardea::api_tests {

inline unsigned walks(unsigned usual) {
  const char* times = std::getenv("CARDEA_WALKS");
  return times == nullptr ? usual : usual * static_cast<unsigned>(std::stoul(times));
}

}  // namespace cardea::api_tests
