#include "crypto/argon2.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

#include <stdexcept>
#include <thread>

#include "crypto/argon2_memory.hpp"
#include "crypto/test_random.hpp"

namespace cardea::crypto {
namespace {

constexpr Argon2Cost cheap{.memory_kib = 8, .passes = 1};

std::string hash_of(std::string_view password, const Argon2Cost& cost = cheap, Argon2Memory* memory = nullptr) {
  CountingRandom random;
  return argon2id(password, cost, random, memory);
}

TEST(Argon2, string_is_verified_by_libsodium_itself) {
  const std::string phc = hash_of("correct horse", {.memory_kib = 64, .passes = 3});
  EXPECT_TRUE(phc.starts_with("$argon2id$v=19$m=64,t=3,p=1$AQIDBAUGBwgJCgsMDQ4PEA$")) << phc;
  EXPECT_EQ(crypto_pwhash_str_verify(phc.c_str(), "correct horse", 13), 0);
  EXPECT_NE(crypto_pwhash_str_verify(phc.c_str(), "correct horsf", 13), 0);
}

TEST(Argon2, string_made_by_libsodium_is_verified_here) {
  char phc[crypto_pwhash_STRBYTES] = {};
  ASSERT_EQ(crypto_pwhash_str_alg(phc, "pässword", 9, 2, 16384, crypto_pwhash_ALG_ARGON2ID13), 0);
  EXPECT_TRUE(argon2id_verify(phc, "pässword"));
  EXPECT_FALSE(argon2id_verify(phc, "password"));
  EXPECT_EQ(argon2id_cost(phc), (Argon2Cost{.memory_kib = 16, .passes = 2}));
}

TEST(Argon2, salts_differ_so_equal_passwords_have_different_strings) {
  CountingRandom random;
  EXPECT_NE(argon2id("same", cheap, random), argon2id("same", cheap, random));
}

TEST(Argon2, string_of_nobody_looks_like_any_other_and_has_no_password) {
  CountingRandom random;
  const std::string nobody = argon2id_of_nobody(cheap, random);
  EXPECT_EQ(argon2id_cost(nobody), cheap);
  EXPECT_EQ(nobody.size(), hash_of("correct horse").size());
  for (const char* password : {"", "-", "correct horse"}) EXPECT_FALSE(argon2id_verify(nobody, password)) << password;
  EXPECT_NE(argon2id_of_nobody(cheap, random), nobody);
}

TEST(Argon2, production_cost_is_what_owasp_recommends) {
  EXPECT_EQ(Argon2Cost{}, (Argon2Cost{.memory_kib = 19456, .passes = 2}));
  const std::string phc = hash_of("pw", Argon2Cost{});
  EXPECT_TRUE(argon2id_verify(phc, "pw"));
  EXPECT_EQ(argon2id_cost(phc), Argon2Cost{});
}

TEST(Argon2, memory_is_kept_from_one_hash_to_the_next_until_it_is_released) {
  Argon2Memory memory;
  ASSERT_EQ(memory.size(), 0u);
  const std::string first = hash_of("pw", {.memory_kib = 4096, .passes = 1}, &memory);
  const std::size_t kept = memory.size();
  EXPECT_GE(kept, 4096u * 1024) << "libsodium's own calls reach the kernel: is the linker told to wrap them?";
  // In memory full of another password's blocks, and in more or less of it, the hash is the same.
  EXPECT_NE(hash_of("other", {.memory_kib = 1024, .passes = 1}, &memory), first);
  EXPECT_EQ(hash_of("pw", {.memory_kib = 4096, .passes = 1}, &memory), first);
  EXPECT_EQ(memory.size(), kept);
  (void)hash_of("pw", {.memory_kib = 8192, .passes = 1}, &memory);
  EXPECT_GE(memory.size(), 8192u * 1024);
  EXPECT_EQ(hash_of("pw", {.memory_kib = 4096, .passes = 1}, &memory), first);
  memory.release();
  EXPECT_EQ(memory.size(), 0u);
  EXPECT_EQ(hash_of("pw", {.memory_kib = 4096, .passes = 1}, &memory), first);
}

TEST(Argon2, one_threads_memory_serves_another_thread_after_it) {
  Argon2Memory memory;
  const Argon2Cost cost{.memory_kib = 4096, .passes = 1};
  const std::string first = hash_of("pw", cost, &memory);
  const std::size_t kept = memory.size();
  std::thread{[&] {
    EXPECT_EQ(hash_of("pw", cost, &memory), first);
    EXPECT_TRUE(argon2id_verify(first, "pw", &memory));
    EXPECT_FALSE(argon2id_verify(first, "other", &memory));
  }}.join();
  EXPECT_EQ(memory.size(), kept);
}

TEST(Argon2, hash_without_kept_memory_leaves_none_behind) {
  Argon2Memory memory;
  const std::string kept = hash_of("pw", {.memory_kib = 1024, .passes = 1}, &memory);
  EXPECT_EQ(hash_of("pw", {.memory_kib = 1024, .passes = 1}), kept);
  void* const lent = memory.lend(16);
  ASSERT_NE(lent, nullptr) << "it was given back after the hash";
  EXPECT_EQ(memory.lend(16), nullptr) << "one hash at a time";
  EXPECT_FALSE(memory.take_back(&memory));
  EXPECT_TRUE(memory.take_back(lent));
}

TEST(Argon2, cost_out_of_range_is_refused_before_any_work) {
  CountingRandom random;
  for (const Argon2Cost& cost : {Argon2Cost{7, 1}, Argon2Cost{1024 * 1024 + 1, 1}, Argon2Cost{8, 0}, Argon2Cost{8, 17},
                                 Argon2Cost{-1, 1}, Argon2Cost{INT64_MAX, INT64_MAX}}) {
    EXPECT_THROW(std::ignore = argon2id("pw", cost, random), std::invalid_argument)
        << cost.memory_kib << " " << cost.passes;
  }
}

// ASVS 6.2.8
TEST(Argon2, empty_and_long_passwords_and_nul_are_hashed_whole) {
  const std::string with_nul{"a\0b", 3};
  EXPECT_TRUE(argon2id_verify(hash_of(""), ""));
  EXPECT_FALSE(argon2id_verify(hash_of(""), "x"));
  EXPECT_FALSE(argon2id_verify(hash_of(with_nul), "a"));
  EXPECT_TRUE(argon2id_verify(hash_of(with_nul), with_nul));
  const std::string longer(4096, 'p');
  EXPECT_FALSE(argon2id_verify(hash_of(longer), longer.substr(1)));
}

TEST(Argon2, strings_this_program_could_not_have_written_have_no_cost) {
  const std::string salt = "AQIDBAUGBwgJCgsMDQ4PEA";
  const std::string hash = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA";
  const std::string tail = "$" + salt + "$" + hash;
  ASSERT_TRUE(argon2id_cost("$argon2id$v=19$m=8,t=1,p=1" + tail));
  const std::string refused[] = {
      "",
      "$",
      "$$$$$",
      "$argon2i$v=19$m=8,t=1,p=1" + tail,
      "$argon2id$v=16$m=8,t=1,p=1" + tail,
      "$argon2id$m=8,t=1,p=1" + tail,
      "$argon2id$v=19$m=8,t=1,p=2" + tail,
      "$argon2id$v=19$m=7,t=1,p=1" + tail,
      "$argon2id$v=19$m=1048577,t=1,p=1" + tail,
      "$argon2id$v=19$m=4294967304,t=1,p=1" + tail,
      "$argon2id$v=19$m=99999999999999999999,t=1,p=1" + tail,
      "$argon2id$v=19$m=8,t=0,p=1" + tail,
      "$argon2id$v=19$m=8,t=17,p=1" + tail,
      "$argon2id$v=19$m=08,t=1,p=1" + tail,
      "$argon2id$v=19$m=+8,t=1,p=1" + tail,
      "$argon2id$v=19$t=1,m=8,p=1" + tail,
      "$argon2id$v=19$m=8,t=1,p=1,x=1" + tail,
      "$argon2id$v=19$m=8,t=1,p=1$" + salt + "==$" + hash,
      "$argon2id$v=19$m=8,t=1,p=1$" + salt + "$" + hash + "=",
      "$argon2id$v=19$m=8,t=1,p=1$" + salt + "$" + hash.substr(1),
      "$argon2id$v=19$m=8,t=1,p=1$" + salt.substr(1) + "$" + hash,
      "$argon2id$v=19$m=8,t=1,p=1$" + salt + "$AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyB",
      "$argon2id$v=19$m=8,t=1,p=1" + tail + "$",
      " $argon2id$v=19$m=8,t=1,p=1" + tail,
      "$argon2id$v=19$m=8,t=1,p=1" + tail + "\n",
      "x$argon2id$v=19$m=8,t=1,p=1" + tail,
      std::string(1000, '$'),
  };
  for (const auto& phc : refused) {
    EXPECT_FALSE(argon2id_cost(phc)) << phc;
    EXPECT_FALSE(argon2id_verify(phc, "")) << phc;
  }
}

}  // namespace
}  // namespace cardea::crypto
