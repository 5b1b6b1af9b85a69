#include "password/secret_strength.hpp"

#include <gtest/gtest.h>

#include <string>

#include "encoding/base64.hpp"
#include "tests/support/random.hpp"

namespace cardea::password {
namespace {

TEST(SecretStrength, what_people_make_up_is_guessable) {
  for (const char* secret : {
           "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
           "abababababababababababababababab",
           "abcabcabcabcabcabcabcabcabcabcabcabc",
           "0123456789abcdef0123456789abcdef",
           "12345678901234567890123456789012",
           "abcdefghijklmnopqrstuvwxyz0123456789",
           "zyxwvutsrqponmlkjihgfedcba9876543210",
           "qwertyuiopasdfghjklzxcvbnm123456",
           "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,",
           "asdfghjklasdfghjklasdfghjklasdfg",
           "correct horse battery staple correct",
           "correcthorsebatterystaplecorrecthorse",
           "this is a very secret secret for me",
           "passwordpasswordpasswordpassword",
           "Password123!Password123!Password",
           "change-me-change-me-change-me-now",
           "please-change-this-secret-in-production",
           "your-256-bit-secret-your-256-bit",
           "a-string-secret-at-least-256-bits-long",
           "super-secret-key-for-cardea-server-2026",
           "django-insecure-7#k$2x!9v@q0w8e4r6t1y5u3i",
           "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
           "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
           "00000000-0000-0000-0000-000000000000",
           "deadbeefdeadbeefdeadbeefdeadbeef",
           "                                ",
           "2026-11-26 2026-11-27 2026-11-28",
           "iloveyouiloveyouiloveyouiloveyou",
           "letmeinletmeinletmein1234567890!!",
           "short",
           "",
       }) {
    EXPECT_TRUE(is_guessable(secret)) << secret;
  }
  EXPECT_TRUE(is_guessable(std::string(32, '\0')));
  EXPECT_TRUE(is_guessable(std::string(60'000, 'x')));
}

TEST(SecretStrength, what_chance_makes_is_not) {
  testing_support::SeededRandom random{7};
  for (int i = 0; i < 40; ++i) {
    const auto whole = random.bytes<32>();
    const auto half = random.bytes<16>();
    std::string letters;
    for (const auto byte : random.bytes<32>()) letters += static_cast<char>('a' + byte % 26);
    for (const std::string& secret :
         {encoding::base64url(whole), encoding::hex(whole), encoding::hex(half), letters,
          std::string{reinterpret_cast<const char*>(whole.data()), whole.size()}, "s_" + encoding::base64url(whole)}) {
      EXPECT_FALSE(is_guessable(secret)) << i << ": " << secret;
    }
  }
}

}  // namespace
}  // namespace cardea::password
