#include "password/password.hpp"

#include <gtest/gtest.h>

#include "tests/support/random.hpp"

namespace cardea::password {
namespace {

Settings cheap() {
  Settings settings;
  settings.cost = {.memory_kib = 8, .passes = 1};
  return settings;
}

std::string code_of(std::string_view password, const Owner& owner = {}) {
  const auto problem = check_new(Settings{}, password, owner);
  return problem ? problem->code : "";
}

TEST(PasswordPolicy, the_production_cost_is_19_mebibytes_and_two_passes) {
  EXPECT_EQ(Settings{}.cost.memory_kib, 19 * 1024);
  EXPECT_EQ(Settings{}.cost.passes, 2);
  EXPECT_EQ(Settings{}.min_length, 15);
}

TEST(PasswordPolicy, length_counts_code_points_not_bytes) {
  EXPECT_EQ(code_of("fourteen chars"), "password_short");
  EXPECT_EQ(code_of("åäö åäö åäö åä"), "password_short") << "14 letters in 25 bytes";
  EXPECT_EQ(code_of("pferd batterie x"), "");
  EXPECT_EQ(code_of(std::string(257, 'q')), "password_long");
  EXPECT_EQ(code_of(std::string(10'000'000, 'q')), "password_long");
  EXPECT_EQ(code_of(""), "password_missing");
}

TEST(PasswordPolicy, any_characters_are_allowed_but_controls) {
  EXPECT_EQ(code_of("спокойной ночи всем"), "");
  EXPECT_EQ(code_of("bell\x07 rings for fifteen"), "password_invalid");
  EXPECT_EQ(code_of("not utf-8 \xff\xfe at all really"), "password_invalid");
}

TEST(PasswordPolicy, common_passwords_are_refused) {
  for (const char* common : {"passwordpassword", "123456789012345", "aaaaaaaaaaaaaaa", "P@ssw0rdP@ssw0rd!",
                             "password1234567", "abcdefghijklmno", "iloveyouiloveyou"}) {
    EXPECT_EQ(code_of(common), "password_common") << common;
  }
  EXPECT_EQ(code_of(std::string(200, 'a')), "password_common") << "long, but one letter";
  for (const char* fine : {"correct horse battery", "purple monkey dishwasher", "long enough password"}) {
    EXPECT_EQ(code_of(fine), "") << fine;
  }
}

TEST(PasswordPolicy, the_owners_own_names_are_refused_in_any_case) {
  const Owner owner{
      .name = "Wolfgang Amadeus Mozart", .uid = "wolfgang_amadeus", .email = "amadeus.mozart@example.org"};
  for (const char* own :
       {"wolfgang amadeus mozart", "WOLFGANG_AMADEUS", "amadeus.mozart@EXAMPLE.org", "Amadeus.Mozart@example.org"}) {
    EXPECT_EQ(code_of(own, owner), "password_personal") << own;
  }
  EXPECT_EQ(code_of("wolfgang plays the piano", owner), "");
}

TEST(PasswordHasher, a_password_verifies_against_its_own_hash_only) {
  testing_support::SeededRandom random{1};
  observe::Metrics metrics;
  const Hasher hasher{cheap(), random, metrics};
  const Stored stored{.phc = hasher.hash(Secret{"correct horse battery"}), .changed_at = {}};
  EXPECT_TRUE(hasher.verify(stored, Secret{"correct horse battery"}));
  EXPECT_FALSE(hasher.verify(stored, Secret{"correct horse batterz"}));
  EXPECT_FALSE(hasher.verify(stored, Secret{"Correct horse battery"}));
  EXPECT_FALSE(hasher.verify(stored, Secret{""}));
  EXPECT_FALSE(hasher.verify(std::nullopt, Secret{"correct horse battery"}));
}

TEST(PasswordHasher, composed_and_decomposed_spellings_are_one_password) {
  testing_support::SeededRandom random{1};
  observe::Metrics metrics;
  const Hasher hasher{cheap(), random, metrics};
  const Stored stored{.phc = hasher.hash(Secret{"caf\u00e9 caf\u00e9 caf\u00e9 caf\u00e9"}), .changed_at = {}};
  EXPECT_TRUE(hasher.verify(stored, Secret{"cafe\u0301 cafe\u0301 cafe\u0301 cafe\u0301"}));
}

TEST(PasswordHasher, a_hash_of_another_cost_is_outdated) {
  testing_support::SeededRandom random{1};
  Settings dearer = cheap();
  dearer.cost.passes = 2;
  observe::Metrics metrics;
  const Hasher before{cheap(), random, metrics};
  const Hasher after{dearer, random, metrics};
  const Stored stored{.phc = before.hash(Secret{"correct horse battery"}), .changed_at = {}};
  EXPECT_FALSE(before.is_outdated(stored));
  EXPECT_TRUE(after.is_outdated(stored));
  EXPECT_TRUE(after.verify(stored, Secret{"correct horse battery"}));
}

}  // namespace
}  // namespace cardea::password
