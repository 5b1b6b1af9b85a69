#pragma once
// What a guess at the code of a second factor costs. Internal to authn.
//
// Whoever guesses here knows the password already. A code of six digits is good in two steps of 30 seconds, so a guess
// is right once in 500,000; that 50 guesses are judged in a year keeps all of them together below one in ten thousand.
// Strangers have 16 of these in a year and browsers that the account knows have 33: two budgets of the account, so that
// strangers do not shut its owner out, each over all factors and all sign-ins. A right code gives back what it cost and
// nothing of what wrong ones did: an owner who signs in daily would otherwise give an attacker 6 guesses each day.
// The owner is let in meanwhile by a browser that is known, and by responses that nobody guesses.

#include "authn/authn.hpp"

namespace cardea::authn {

/// `browser_is_known`: to the account, by its cookie or by a session.
[[nodiscard]] throttle::Charge code_charge(const Deps& deps, const Factor& factor, const AccountId& account,
                                           bool browser_is_known);

/// What was sent in answer to a factor, and the hash of the key of the sign-in that it is a step of; without one it is
/// shown in a session.
struct Response {
  const Secret& secret;
  std::optional<crypto::Digest> signin = {};
};

/// Pays for a response, has the factor judge it, and records what was refused. What was right once gives the attempt
/// back. Errors: rate_limited, invalid_code, late_code.
struct Judged {
  Proof proof;
  throttle::Charge charge;  // to be given back when the proof is used
};
Result<Judged> judge_code(const Deps& deps, const Context& context, const Factor& factor, const AccountId& account,
                          const Response& response, bool browser_is_known);
void record_refused_code(const Deps& deps, const Context& context, const AccountId& account, std::string_view reason);

}  // namespace cardea::authn
