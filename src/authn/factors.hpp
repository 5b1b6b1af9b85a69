#pragma once
// Second factors of an account, all features' together: which it has, and what is done when one is enrolled or removed.
//
// Never: knows a factor's secrets, which are its feature's; lets somebody who has shown less change what is stronger.

#include <vector>

#include "authn/authn.hpp"

namespace cardea::authn {

inline constexpr ErrorKind mfa_off{"mfa_off", 403, "Second factors are turned off here."};
inline constexpr ErrorKind last_factor{"last_factor", 409,
                                       "A second factor is required here. Add another one before you remove this one."};

inline constexpr audit::Kind factor_enrolled{"mfa.enrolled", "A second factor was enrolled; the reason names it.",
                                             audit::Repeats::kept, audit::Concern::credential};
inline constexpr audit::Kind factor_removed{"mfa.removed", "A second factor was removed; the reason names it.",
                                            audit::Repeats::kept, audit::Concern::credential};

/// The factor of a method; null when no feature brings it.
[[nodiscard]] const Factor* find_factor(const Deps& deps, AuthMethod method);

/// The second factors of an account, as one statement found them.
class Enrolled {
 public:
  [[nodiscard]] bool has(AuthMethod method) const;
  /// Whether there is one that is asked for.
  [[nodiscard]] bool any() const { return has_primary() || has(Factor::Kind::weak); }
  /// Those that the account can be asked for, the strongest first. A weak one counts only where there is no other, and
  /// what is there in case another is lost only beside one.
  [[nodiscard]] std::vector<AuthMethod> asked() const;
  /// Whether this is a weak factor and there is a stronger one, beside which it shows nothing.
  [[nodiscard]] bool outranks(AuthMethod method) const;

 private:
  friend Enrolled find_enrolled(db::Tx& tx, const Deps& deps, const AccountId& account);
  struct One {
    AuthMethod method;
    Factor::Kind kind;
  };

  [[nodiscard]] bool has(Factor::Kind kind) const;
  [[nodiscard]] bool has_primary() const { return has(Factor::Kind::primary); }

  std::vector<One> all_;  // that are enrolled
  std::vector<AuthMethod> weak_;  // that could be
};
[[nodiscard]] Enrolled find_enrolled(db::Tx& tx, const Deps& deps, const AccountId& account);
/// What the account is signed in to by, and somebody who is signed in can show again: a password, a passkey.
[[nodiscard]] std::vector<AuthMethod> ways_to_show_again(db::Tx& tx, const Deps& deps, const AccountId& account);
/// Those that a sign-in which must have one can enrol, the strongest first.
[[nodiscard]] std::vector<AuthMethod> enrollable_factors(const Deps& deps);

/// Whether the principal has shown, not long ago, all that its account has: a password alone does not change what
/// protects from whoever knows the password. Errors: reauth_required.
Result<Done> confirm_best(db::Tx& tx, const Deps& deps, const Context& context);
/// The same with a look at whether factors can be enrolled here. Errors: mfa_off, reauth_required.
Result<Done> may_enrol(db::Tx& tx, const Deps& deps, const Context& context);

/// Enrols what the principal has just shown; `proof.use` stores it. Every other session of the account ends and every
/// other browser is forgotten, for each was opened without the factor, perhaps by somebody who knew the password; a new
/// session replaces this one. What was begun with `may_enrol` is finished in the same session, however long the owner
/// took over it. Errors: mfa_off, unauthenticated, those of `proof.use`.
Result<SignedIn> enrol(const Deps& deps, const Context& context, const Browser& browser, const Proof& proof);

/// Removes the principal's factor of this method, and those that are there in case it is lost when it was the last.
/// Every other session ends. Errors: not_found, reauth_required, last_factor, unauthenticated.
Result<Done> remove_factor(const Deps& deps, const Context& context, AuthMethod method);

/// Where who has just enrolled a factor goes next: to what helps when it is lost, if there is none yet; or else empty.
[[nodiscard]] std::string_view page_after_enrolment(const Deps& deps, const AccountId& account);

/// A refused code as a problem of the input `code` of a form; any other error as it is.
[[nodiscard]] Error beside_code(const Error& error);

/// Whoever enrols a factor, and what binds the enrolment to their browser: what another one has begun, which may be a
/// stranger's who knows the password too, is not theirs to finish.
struct Enroller {
  AccountId account;
  crypto::Digest owner{};
};
[[nodiscard]] Enroller enroller_of(const Context& context);
/// Of a pending sign-in that must have one. Errors: signin_expired, also when it needs something else by now.
Result<Enroller> enroller_of_pending(const Deps& deps, const Context& context, std::string_view token);

/// Enrols what the pending sign-in has just shown, and goes on with it. Errors: signin_expired, invalid_credentials,
/// those of `proof.use`.
Result<SignIn> enrol_pending(const Deps& deps, const Context& context, const Browser& browser, std::string_view token,
                             const Proof& proof);

}  // namespace cardea::authn
