#pragma once
// Sign-ups of which a proof of work is asked, at a difficulty that a test can afford.

#include <string>
#include <string_view>

#include "crypto/hash.hpp"
#include "proof_of_work/proof_of_work.hpp"
#include "tests/api/scene.hpp"

namespace cardea::api_tests {

using proof_of_work::Asked;

inline constexpr std::int64_t easy = 8;  // bits

inline World::Adjust asking(Asked asked, std::int64_t from = 5, const World::Adjust& more = {}) {
  return [=](app::Settings& settings) {
    settings.features.of<proof_of_work::Settings>().asked = asked;
    settings.features.of<proof_of_work::Settings>().from = from;
    settings.features.of<proof_of_work::Settings>().bits = easy;
    if (more) more(settings);
  };
}

/// A number that solves the challenge, behind it.
inline std::string solved(const std::string& challenge, std::int64_t bits = easy) {
  std::int64_t number = 0;
  while (!proof_of_work::solves(challenge, std::to_string(number), bits)) ++number;
  return challenge + ":" + std::to_string(number);
}

/// The text of a challenge that anybody can have.
inline std::string challenge_of(World& world) {
  return world.client().get("/v1/signup/challenge").text("challenge/text");
}

inline Answer sign_up_with(World& world, const std::string& uid, const std::string& proof, wire::Object more = {}) {
  more.push_back({"proof", proof});
  return world.client().sign_up(uid, std::move(more));
}

/// So many sign-ups at once, of names that are not taken.
inline void flood(World& world, int count, const std::string& prefix = "flood") {
  for (int i = 0; i < count; ++i) world.client().sign_up(prefix + "." + std::to_string(100 + i));
}

inline std::int64_t spent(World& world) {
  return world.database().read_one("SELECT COUNT(*) FROM spent_proof")->integer(0);
}

/// The signature of this server's own challenges, for what it never issues itself.
inline proof_of_work::Challenges challenges_of(World& world, std::string_view purpose = "signup") {
  return {crypto::derive_key(world.settings().secret, "cardea proofs of work"), purpose};
}
inline proof_of_work::Terms terms_until(Time end, std::int64_t bits = easy) {
  return {.seed = {7, 7, 7}, .expires_at = end, .bits = bits};
}

}  // namespace cardea::api_tests
