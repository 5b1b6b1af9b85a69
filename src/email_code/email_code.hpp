#pragma once
// email_code: codes by e-mail, as a second factor for who likes and, where signin.methods has it, in place of the
// password.
//
// Owns: email_code_factor, email_code_signin; the codes are challenges. Never: writes to an address that its owner has
// not confirmed; says whether an address has an account; counts beside an authenticator app or a security key, which
// whoever reads the mail does not have.
// Routes: /v1/me/email-code, /v1/email-code/…; pages /account/security/email-codes, /signin/email,
// /second-factor/email.
//
// A code is good for ten minutes, once, for what it was sent for, in the browser that asked for it, and for the address
// that the account has confirmed then.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "authn/factors.hpp"
#include "challenge/challenge.hpp"
#include "feature/feature.hpp"
#include "page/page.hpp"

namespace cardea::email_code {

inline constexpr Duration code_lifetime = std::chrono::minutes{10};
inline constexpr challenge::Purpose second_step{"email_code.second_step",
                                                {.lifetime = code_lifetime, .carries = challenge::Carries::code}};
inline constexpr challenge::Purpose enrolment{"email_code.enrol",
                                              {.lifetime = code_lifetime, .carries = challenge::Carries::code}};
/// Longer than the others: whoever guesses here has shown nothing yet.
inline constexpr challenge::Purpose first_step{
    "email_code.signin", {.lifetime = code_lifetime, .carries = challenge::Carries::code, .digits = 8}};

inline constexpr ErrorKind no_address{"email_code.no_address", 409,
                                      "Confirm an e-mail address of the account first. Codes are sent there."};
inline constexpr ErrorKind outranked{"email_code.outranked", 409,
                                     "The account has a stronger second factor. Codes by e-mail would not count."};

struct Settings {
  /// Codes that are sent to one account as the second step, or to set it up.
  throttle::Budget send{.free = 5,
                        .regain = std::chrono::minutes{3},
                        .delay = std::chrono::seconds{20},
                        .max_delay = std::chrono::hours{1}};
  /// Wishes for a code to sign in by, by network.
  throttle::Budget request{.free = 10,
                           .regain = std::chrono::minutes{2},
                           .delay = std::chrono::seconds{1},
                           .max_delay = std::chrono::minutes{15}};
};

struct Deps {
  const authn::Deps& authn;
  const page::Pages& pages;
  const mail::Outbox& outbox;
  jobs::Queue& queue;
  const challenge::Challenges& challenges;
  const Settings& settings;
  const std::vector<std::string>& front_ends;  // origins that a sign-in may lead to
};

/// Sends a code to set the factor up with, bound to the session. Errors: mfa_off, reauth_required, rate_limited,
/// email_code.no_address, email_code.outranked, unauthenticated.
Result<Done> start(const Deps& deps, const Context& context);
/// Enrols by that code. Errors: mfa_off, rate_limited, invalid_code, unauthenticated.
Result<authn::SignedIn> confirm(const Deps& deps, const Context& context, const authn::Browser& browser,
                                const Secret& code);

/// Sends a code for the second step of the pending sign-in with this token or, without one, for who is signed in and
/// shows it again. Errors: signin_expired, not_found (the account is not asked for codes), rate_limited.
Result<Done> send_second_step(const Deps& deps, const Context& context, std::string_view token);

[[nodiscard]] authn::FactorState state(db::Tx& tx, const AccountId& account);
[[nodiscard]] authn::Factor factor(std::shared_ptr<const Deps> deps);

/// Asks for a code to sign in by, for whoever has this address: what was typed is put into the queue and looked up
/// there, so that the answer, the statements and the time are the same for an account and for none. Returns the token
/// for the browser's cookie, without which the code is worth nothing.
/// Errors: signin_method_off, mail.not_set_up, rate_limited, validation_failed (no address).
Result<Secret> ask(const Deps& deps, const Context& context, std::string_view address, std::string_view language);
/// Signs in by the code. Errors: signin_method_off, signin_expired, rate_limited, invalid_code, those of
/// authn::sign_in_by.
Result<authn::SignIn> sign_in(const Deps& deps, const Context& context, const authn::Browser& browser,
                              std::string_view token, const Secret& code);
[[nodiscard]] authn::FirstStep first_step_of(const Deps& deps);

[[nodiscard]] FeatureEntry entry();
[[nodiscard]] std::vector<http::Route> api_routes(std::shared_ptr<const Deps> deps);
[[nodiscard]] std::vector<http::Route> page_routes(std::shared_ptr<const Deps> deps);

}  // namespace cardea::email_code
