#pragma once
// Second factors that exist in tests alone: the code is the user id backwards. `totp`, and `recovery_code` to have two.
//
//   SecondFactorScene scene{GetParam()};
//   scene.enrol("ann");
//   auto ann = scene.world.client();
//   ann.sign_in("ann");
//   ann.post("/v1/signin/totp", {{"code", "nna"}});

#include <atomic>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "authn/pending.hpp"
#include "tests/api/scene.hpp"

namespace cardea::api_tests {

/// Who has which factor; in memory, so that a test changes it at any moment.
class TestFactors {
 public:
  void enrol(const AccountId& account, AuthMethod method);
  void remove(const AccountId& account, AuthMethod method);
  [[nodiscard]] bool has(const AccountId& account, AuthMethod method) const;

  /// Does this once, between the judgement of the next code and the transaction that uses it.
  void once_judged(std::function<void()> act);
  /// From now on what was judged no longer holds when it is used, as a code that works once and was used elsewhere.
  void spend_proofs() { are_spent_ = true; }

  /// Both factors, and routes that ask for two: GET /v1/test/strong, and /v1/test/fresh within ten minutes.
  [[nodiscard]] std::vector<Feature> features(World& world);

 private:
  [[nodiscard]] authn::Factor factor(World& world, AuthMethod method);
  [[nodiscard]] Result<authn::Proof> check(World& world, AuthMethod method, const Context& context,
                                           const AccountId& account, const Secret& response);

  mutable std::mutex mutex_;
  std::set<std::pair<AccountId, AuthMethod>> enrolled_;
  std::function<void()> once_judged_;
  std::atomic<bool> are_spent_ = false;
};

struct SecondFactorScene {
  explicit SecondFactorScene(std::string_view engine = "sqlite", const World::Adjust& adjust = {})
      : world(adjust, engine, [this](World& hosting) { return factors.features(hosting); }) {}

  /// Signs up and enrols.
  void enrol(std::string_view uid, AuthMethod method = AuthMethod::totp);
  /// A browser that has shown the password of "ann".
  [[nodiscard]] Client halfway();
  [[nodiscard]] std::int64_t count(std::string_view table);

  TestFactors factors;
  World world;
};

inline constexpr const char* right_code = "nna";  // of "ann"
inline constexpr const char* wrong_code = "ann";
inline constexpr std::string_view session_cookie_name = "__Host-cardea";
inline constexpr std::string_view signin_cookie_name = "__Host-cardea-signin";

inline Answer send_code(Client& client, std::string_view code = right_code, std::string_view method = "totp") {
  return client.post("/v1/signin/" + std::string{method}, {{"code", std::string{code}}});
}

}  // namespace cardea::api_tests
