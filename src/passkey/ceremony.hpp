#pragma once
// Ceremonies: what the browser is asked, and what is done with its answer. Internal to passkey.
//
// Each challenge is a link of the room `challenge`: 256 bits that work once and for five minutes, for one purpose, and
// for whoever it was given to. That is its subject: the session, the sign-in that is pending, or the browser, by a
// cookie.

#include "passkey/passkey.hpp"
#include "passkey/passkey_wire.hpp"

namespace cardea::passkey {

inline constexpr Duration ceremony_lifetime = std::chrono::minutes{5};
inline constexpr challenge::Rules ceremony_rules{
    .lifetime = ceremony_lifetime, .carries = challenge::Carries::link, .live = challenge::Live::any};
inline constexpr challenge::Purpose new_passkey{"passkey.new", ceremony_rules};
/// Made by the browser on its own after a password was shown (conditional create): nobody may have been there.
inline constexpr challenge::Purpose new_quiet_passkey{"passkey.new_quiet", ceremony_rules};
inline constexpr challenge::Purpose new_security_key{"passkey.new_security_key", ceremony_rules};
inline constexpr challenge::Purpose sign_in_challenge{"passkey.signin", ceremony_rules};
inline constexpr challenge::Purpose shown_again{"passkey.again", ceremony_rules};
inline constexpr challenge::Purpose second_step{"passkey.second_step", ceremony_rules};

/// Whom a challenge was given to.
[[nodiscard]] std::string subject_of(const SessionId& session);
[[nodiscard]] std::string subject_of_signin(const crypto::Digest& signin);
[[nodiscard]] std::string subject_of_browser(const crypto::Digest& browser);

/// A challenge for this occasion, paid for. Errors: rate_limited, unauthenticated.
Result<challenge::Issued> begin(const Deps& deps, const Context& context, const challenge::Purpose& purpose,
                                const std::string& subject);

enum class Wish { passkey, quiet_passkey, security_key };
/// Errors: rate_limited, reauth_required, mfa_off (a security key alone), passkey.too_many, unauthenticated.
Result<CreationBegun> begin_registration(const Deps& deps, const Context& context, Wish wish);
/// What was added.
struct Added {
  Passkey passkey;
  std::optional<authn::SignedIn> in = {};  // the session that replaces the principal's
};
/// Adds what was made. A security key is a second factor: what was opened without it ends. A passkey is a way in beside
/// the password, which opens as much as before; so nothing ends, or each device that makes one by itself would sign out
/// the others. Errors: webauthn.not_verified, challenge.not_valid, passkey.exists, passkey.too_many, reauth_required,
/// mfa_off, unauthenticated.
Result<Added> finish_registration(const Deps& deps, const Context& context, const authn::Browser& browser,
                                  const NewCredential& made);

/// For anyone: names nobody. Errors: rate_limited.
Result<RequestBegun> begin_sign_in(const Deps& deps, const Context& context, const crypto::Digest& browser);
/// Checks an assertion as the first step of a sign-in, and records why it is refused. Errors: passkey.unknown,
/// webauthn.not_verified, challenge.not_valid.
Result<authn::Proof> judge_sign_in(const Deps& deps, const Context& context, const crypto::Digest& browser,
                                   const ShownCredential& shown);

/// For who is signed in, and shows a passkey again. Errors: rate_limited, unauthenticated.
Result<RequestBegun> begin_again(const Deps& deps, const Context& context);
/// For the second step of `account`. Errors: rate_limited.
Result<RequestBegun> begin_second_step(const Deps& deps, const Context& context, const AccountId& account,
                                       const std::string& subject);

/// Whether one of this kind may be added. A security key is a second factor and nothing else; a passkey is a first
/// step, which policy does not turn off with the second ones. Errors: reauth_required, mfa_off.
Result<Done> may_add(db::Tx& tx, const Deps& deps, const Context& context, Kind kind);
/// Managing passkeys takes a recent proof of the best kind that the account has: two factors where it has a second one,
/// so that who has shown less neither adds nor takes away what is stronger. Errors: reauth_required.
Result<Done> check_recent(db::Tx& tx, const Deps& deps, const Context& context);

}  // namespace cardea::passkey
