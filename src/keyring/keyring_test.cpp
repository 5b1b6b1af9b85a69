#include <gtest/gtest.h>

#include "keyring/key_set.hpp"
#include "keyring/schedule.hpp"

namespace cardea::keyring {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;

const Time start = from_micros(1'800'000'000'000'000);
constexpr auto day = hours{24};

StoredKey key(std::string kid, Time signs_from, std::string algorithm = "ES256") {
  return {.kid = std::move(kid), .algorithm = std::move(algorithm), .created_at = signs_from, .signs_from = signs_from};
}

TEST(Schedule, first_key_signs_at_once) { EXPECT_EQ(next_key_signs_from({}, {}, start), start); }

TEST(Schedule, successor_is_made_one_overlap_before_its_turn) {
  const std::vector keys{key("a", start)};
  const Time due = start + 89 * day;
  EXPECT_EQ(next_key_signs_from(keys, {}, due - microseconds{1}), std::nullopt);
  EXPECT_EQ(next_key_signs_from(keys, {}, due), start + 90 * day);
}

TEST(Schedule, late_successor_is_still_published_a_whole_overlap_before_its_turn) {
  EXPECT_EQ(next_key_signs_from({key("a", start)}, {}, start + 500 * day), start + 501 * day);
}

TEST(Schedule, waiting_successor_is_enough) {
  const std::vector keys{key("a", start), key("b", start + 90 * day)};
  EXPECT_EQ(next_key_signs_from(keys, {}, start + 89 * day), std::nullopt);
}

TEST(Schedule, change_of_algorithm_makes_a_successor_at_once) {
  const Settings settings{.algorithm = crypto::Algorithm::eddsa};
  const std::vector keys{key("a", start)};
  EXPECT_EQ(next_key_signs_from(keys, settings, start + day), start + 2 * day);
}

TEST(Schedule, change_of_algorithm_does_not_overtake_a_waiting_key) {
  const Settings settings{.algorithm = crypto::Algorithm::eddsa};
  const std::vector keys{key("a", start), key("b", start + day)};
  EXPECT_EQ(next_key_signs_from(keys, settings, start + hours{1}), start + day + hours{1});
}

TEST(Schedule, processes_with_different_algorithms_do_not_outbid_each_other) {
  std::vector keys{key("0", start)};
  int made = 0;
  for (int minute = 0; minute < 24 * 60; ++minute) {
    for (const auto algorithm : {crypto::Algorithm::es256, crypto::Algorithm::eddsa}) {
      const Time now = start + std::chrono::minutes{minute};
      const auto signs_from = next_key_signs_from(keys, {.algorithm = algorithm}, now);
      if (!signs_from) continue;
      keys.push_back(key(std::to_string(++made), *signs_from, std::string{to_text(algorithm)}));
      sort_by_turn(keys);
    }
  }
  EXPECT_EQ(made, 2);
}

TEST(Schedule, last_key_whose_turn_has_come_signs) {
  const std::vector keys{key("a", start), key("b", start + day), key("c", start + 2 * day)};
  EXPECT_EQ(signer_index(keys, start), 0U);
  EXPECT_EQ(signer_index(keys, start + day - microseconds{1}), 0U);
  EXPECT_EQ(signer_index(keys, start + day), 1U);
  EXPECT_EQ(signer_index(keys, start + 10 * day), 2U);
}

TEST(Schedule, first_key_signs_even_where_the_clock_runs_behind_its_maker) {
  EXPECT_EQ(signer_index({key("a", start), key("b", start + day)}, start - hours{1}), 0U);
}

TEST(Schedule, key_retires_at_the_end_of_its_publication) {
  auto old = key("a", start);
  old.published_until = start + day;
  EXPECT_FALSE(has_retired({old}, start + day - microseconds{1}));
  EXPECT_TRUE(has_retired({old}, start + day));
  EXPECT_FALSE(has_retired({key("a", start)}, start + 5000 * day));
}

TEST(KeySet, describes_every_member_of_a_public_key_in_its_order) {
  for (const auto& [algorithm, name] : enum_texts(crypto::Algorithm{})) {
    auto jwk = crypto::SigningKey::generate(algorithm).public_jwk();
    jwk.push_back({"kid", "k"});
    const auto described = wire::from_value<Jwk>(jwk);
    ASSERT_TRUE(described.ok()) << name;
    EXPECT_EQ(described->alg, algorithm);
    EXPECT_EQ(wire::write(*described), wire::to_json(jwk));
  }
}

}  // namespace
}  // namespace cardea::keyring
