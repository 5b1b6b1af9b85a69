#pragma once
// What an authenticator app does with the secret that it is given as text.

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace cardea::testing_support {

/// The bytes of a text in base32 without padding; a character that is none fails the test.
inline std::string from_base32(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string bytes;
  unsigned held = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const auto value = alphabet.find(c);
    EXPECT_NE(value, std::string_view::npos) << text;
    held = held << 5U | static_cast<unsigned>(value);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(held >> bits & 255U);
  }
  return bytes;
}

}  // namespace cardea::testing_support
