#pragma once
// proof_of_work: while accounts are made faster than people make them, whoever signs up has their computer work for a
// moment first. Nothing to be solved by eye, and nobody else is asked.
//
// Owns: spent_proof. Never: writes anything, asks the database or has a password hashed for a proof that is wrong;
// takes one twice; keeps out who can run no script, who has a budget of their own.
// Routes: GET /v1/signup/challenge. The proof itself comes with the sign-up, whatever road that takes:
// authn/sign_up_guard.hpp.

#include <memory>

#include "base/enum_text.hpp"
#include "feature/feature.hpp"
#include "proof_of_work/attack_watch.hpp"
#include "proof_of_work/work.hpp"

namespace cardea::proof_of_work {

/// When a proof is asked for.
enum class Asked { under_attack, always, off };
constexpr auto enum_texts(Asked) {
  return std::to_array<EnumText<Asked>>(
      {{Asked::under_attack, "under_attack"}, {Asked::always, "always"}, {Asked::off, "off"}});
}

struct Settings {
  Asked asked = Asked::under_attack;
  std::int64_t from = 60;  // sign-ups in a minute: an attack
  std::int64_t bits = 18;  // of a challenge, while few are solved
  /// Sign-ups without a number, of who can run no script, by network and of all.
  throttle::Budget unsolved_address{.free = 2,
                                    .regain = std::chrono::minutes{30},
                                    .delay = std::chrono::minutes{1},
                                    .max_delay = std::chrono::minutes{30}};
  throttle::Budget unsolved_whole{.free = 2,
                                  .regain = std::chrono::minutes{10},
                                  .delay = std::chrono::minutes{1},
                                  .max_delay = std::chrono::minutes{10}};
};

/// How long a challenge can be solved: as long as it takes to fill a form in. What is hoarded is worth no more.
inline constexpr Duration lifetime = std::chrono::minutes{30};

struct Deps {
  const authn::Deps& authn;
  Settings settings;
  Secret key;  // 32 bytes, for this only
  const Clock& clock;
  observe::Log& log;
};

/// Asks for proofs. Thread-safe.
class Guard {
 public:
  explicit Guard(Deps deps);

  /// See authn::SignUpGuard. A challenge without a number is taken within the budget of those who can run no script.
  [[nodiscard]] Result<authn::Admission> judge(const Context& context, std::string_view proof);
  [[nodiscard]] http::ProblemChallenge challenge(Time now);
  [[nodiscard]] bool is_asking(Time now);

 private:
  [[nodiscard]] bool asks(const AttackWatch::Seen& seen) const;
  void tell(const AttackWatch::Seen& seen);
  Result<Done> use(const Terms& terms, Time now);
  Result<Done> use_unsolved(const Terms& terms, const Context& context);

  Deps deps_;
  Challenges challenges_;
  AttackWatch watch_;
  observe::Counter& accepted_;
  observe::Counter& unsolved_;
  observe::Counter& missing_;
  observe::Counter& refused_;
};

[[nodiscard]] FeatureEntry entry();
[[nodiscard]] std::vector<http::Route> routes(std::shared_ptr<Guard> guard);

}  // namespace cardea::proof_of_work
