#include "password/password.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/support/random.hpp"

namespace cardea::password {
namespace {

Settings cheap() {
  Settings settings;
  settings.cost = {.memory_kib = 8, .passes = 1};
  return settings;
}

std::string hash_of(const Hasher& hasher, const Secret& password) { return hasher.hash({}, password).value(); }

bool matches(const Hasher& hasher, const std::optional<Stored>& stored, const Secret& password) {
  return hasher.verify({}, stored, password).value() == Match::yes;
}

TEST(PasswordHasher, the_production_cost_is_19_mebibytes_and_two_passes) {
  EXPECT_EQ(Settings{}.cost.memory_kib, 19 * 1024);
  EXPECT_EQ(Settings{}.cost.passes, 2);
}

// ASVS 6.2.8
TEST(PasswordHasher, a_password_verifies_against_its_own_hash_only) {
  testing_support::SeededRandom random{1};
  observe::Metrics metrics;
  const Hasher hasher{cheap(), random, metrics};
  const Stored stored{.phc = hash_of(hasher, Secret{"correct horse battery"}), .changed_at = {}};
  EXPECT_TRUE(matches(hasher, stored, Secret{"correct horse battery"}));
  EXPECT_FALSE(matches(hasher, stored, Secret{"correct horse batterz"}));
  EXPECT_FALSE(matches(hasher, stored, Secret{"Correct horse battery"}));
  EXPECT_FALSE(matches(hasher, stored, Secret{""}));
  EXPECT_FALSE(matches(hasher, std::nullopt, Secret{"correct horse battery"}));
}

TEST(PasswordHasher, composed_and_decomposed_spellings_are_one_password) {
  testing_support::SeededRandom random{1};
  observe::Metrics metrics;
  const Hasher hasher{cheap(), random, metrics};
  const Stored stored{.phc = hash_of(hasher, Secret{"caf\u00e9 caf\u00e9 caf\u00e9 caf\u00e9"}), .changed_at = {}};
  EXPECT_TRUE(matches(hasher, stored, Secret{"cafe\u0301 cafe\u0301 cafe\u0301 cafe\u0301"}));
}

TEST(PasswordHasher, a_password_above_the_limit_does_not_verify_even_against_its_own_hash) {
  testing_support::SeededRandom random{1};
  observe::Metrics metrics;
  const Hasher hasher{cheap(), random, metrics};
  const auto verifies = [&](std::size_t size) {
    const std::string password(size, 'p');
    // Not by the hasher, which makes no hash of such a password.
    const std::string phc = crypto::argon2id(password, cheap().cost, random);
    return matches(hasher, Stored{.phc = phc, .changed_at = {}}, Secret{password});
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
  const Stored stored{.phc = hash_of(before, Secret{"correct horse battery"}), .changed_at = {}};
  EXPECT_FALSE(before.is_outdated(stored));
  EXPECT_TRUE(after.is_outdated(stored));
  EXPECT_TRUE(matches(after, stored, Secret{"correct horse battery"}));
}

/// Counts the hashes that are computed at the same time: each takes its salt from here.
class CrowdedRandom : public testing_support::SeededRandom {
 public:
  void fill(std::span<std::uint8_t> out) override {
    const int now = ++inside_;
    for (int seen = most_; seen < now && !most_.compare_exchange_weak(seen, now);) {
    }
    for (int i = 0; i < 50; ++i) std::this_thread::yield();  // so that others come in, if they may
    SeededRandom::fill(out);
    --inside_;
  }
  [[nodiscard]] int most() const { return most_; }

 private:
  std::atomic<int> inside_ = 0;
  std::atomic<int> most_ = 0;
};

TEST(PasswordHasher, no_more_hashes_than_permitted_are_computed_at_once) {
  CrowdedRandom random;
  observe::Metrics metrics;
  Settings settings = cheap();
  settings.cost.memory_kib = 1024;
  const Hasher hasher{settings, random, metrics, {.permits = 2}};
  {
    std::vector<std::jthread> crowd;
    for (int i = 0; i < 16; ++i) {
      crowd.emplace_back([&] {
        for (int n = 0; n < 8; ++n) {
          const Stored stored{.phc = hash_of(hasher, Secret{"correct horse battery"}), .changed_at = {}};
          EXPECT_TRUE(matches(hasher, stored, Secret{"correct horse battery"}));
          EXPECT_FALSE(matches(hasher, stored, Secret{"correct horse batterz"}));
        }
      });
    }
  }
  EXPECT_LE(random.most(), 2);
  EXPECT_LE(hasher.memory_kept(), std::size_t{2} * 2 * 1024 * 1024) << "two blocks, rounded up to 2 MiB each";
}

TEST(PasswordHasher, memory_is_kept_for_a_second_and_then_released_by_a_thread_that_rests) {
  testing_support::SeededRandom random{1};
  observe::Metrics metrics;
  const Hasher hasher{cheap(), random, metrics, {.permits = 1}};
  EXPECT_EQ(hasher.memory_kept(), 0U) << "the thread that builds the house keeps nothing";
  const auto begun = std::chrono::steady_clock::now();
  (void)hasher.hash({}, Secret{"correct horse battery"});
  hasher.release_idle_memory();
  if (std::chrono::steady_clock::now() - begun < std::chrono::seconds{1}) {
    EXPECT_GT(hasher.memory_kept(), 0U);
  }
  while (std::chrono::steady_clock::now() - begun < std::chrono::milliseconds{1100}) std::this_thread::yield();
  hasher.release_idle_memory();
  EXPECT_EQ(hasher.memory_kept(), 0U);
}

TEST(PasswordHasher, the_wait_is_measured_apart_from_the_hash) {
  testing_support::SeededRandom random{1};
  observe::Metrics metrics;
  const Hasher hasher{cheap(), random, metrics, {.permits = 1}};
  for (int i = 0; i < 3; ++i) (void)hasher.verify({}, std::nullopt, Secret{"correct horse battery"});
  const auto text = metrics.prometheus_text();
  EXPECT_NE(text.find("cardea_password_hash_seconds_count 3"), std::string::npos) << text;
  EXPECT_NE(text.find("cardea_password_hash_wait_seconds_count 3"), std::string::npos) << text;
}

}  // namespace
}  // namespace cardea::password
