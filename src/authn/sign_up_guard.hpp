#pragma once
// What is asked of whoever signs up before anything is done for them: what the feature that asks gives to the one place
// which makes accounts.

#include <functional>
#include <string_view>

#include "base/error.hpp"
#include "base/result.hpp"
#include "encoding/value.hpp"
#include "http/problem_body.hpp"
#include "principal/context.hpp"

namespace cardea::authn {

inline constexpr ErrorKind signup_proof_required{
    "signup_proof_required", 403,
    "Signing up takes a solved challenge just now. Solve one, or sign up on this server's own page."};
/// Wrong, too old or used: which of these makes no difference to what is to be done.
inline constexpr ErrorKind signup_proof_not_valid{"signup_proof_not_valid", 403,
                                                  "This proof is wrong, too old or was used. Solve a new challenge."};

/// Uses a proof up that was right, once all else about the sign-up is; empty: there is nothing to use up.
/// Errors: signup_proof_not_valid, rate_limited.
using Admission = std::function<Result<Done>(const Context&)>;

/// Each is callable from any thread.
struct SignUpGuard {
  /// Takes note of an attempt, and judges the proof that came with it, without the database.
  /// Errors: signup_proof_required, signup_proof_not_valid.
  std::function<Result<Admission>(const Context&, std::string_view proof)> judge;
  /// A challenge for a client whose proof was missing or not valid.
  std::function<http::ProblemChallenge(Time now)> challenge;
  /// What the page of sign-up shows in its form.
  std::function<wire::Object(Time now)> in_form;
};

/// Whether an error is mended by a new challenge.
[[nodiscard]] inline bool asks_for_proof(const Error& error) {
  return error.is(signup_proof_required) || error.is(signup_proof_not_valid);
}

}  // namespace cardea::authn
