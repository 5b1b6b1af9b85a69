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

TEST(PasswordHasher, the_production_cost_is_19_mebibytes_and_two_passes) {
  EXPECT_EQ(Settings{}.cost.memory_kib, 19 * 1024);
  EXPECT_EQ(Settings{}.cost.passes, 2);
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

TEST(PasswordHasher, a_password_above_the_limit_does_not_verify_even_against_its_own_hash) {
  testing_support::SeededRandom random{1};
  observe::Metrics metrics;
  const Hasher hasher{cheap(), random, metrics};
  const auto verifies = [&](std::size_t size) {
    const std::string password(size, 'p');
    return hasher.verify(Stored{.phc = hasher.hash(Secret{password}), .changed_at = {}}, Secret{password});
  };
  EXPECT_TRUE(verifies(max_bytes));
  EXPECT_FALSE(verifies(max_bytes + 1));
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
