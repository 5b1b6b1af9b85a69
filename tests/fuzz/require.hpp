#pragma once
// What a fuzz program says when a property does not hold.

#include <cstdio>
#include <cstdlib>

namespace cardea::fuzz {

/// Ends the program, so that libFuzzer keeps the input.
inline void require(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "property violated: %s\n", property);
  std::abort();
}

}  // namespace cardea::fuzz
