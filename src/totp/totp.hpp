#pragma once
// totp: authenticator apps as second factors (RFC 6238).
//
// Owns: totp, totp_enrolment. Never: shows a secret again once it is confirmed, or to another browser than the one that
// asked for it; accepts a code twice, or an older one after a newer one.
// Routes: GET, POST and DELETE /v1/me/totp, POST /v1/me/totp/confirm, POST /v1/signin/enrol/totp and …/confirm; pages
// /account/security/totp and /signin/enrol/totp.

#include "authn/factors.hpp"
#include "feature/feature.hpp"
#include "page/page.hpp"

namespace cardea::totp {

inline constexpr ErrorKind not_started{"totp.not_started", 409,
                                       "This set-up has ended or was never begun. Begin it again."};
inline constexpr Duration enrolment_lifetime = std::chrono::minutes{30};

struct Deps {
  const authn::Deps& authn;
  Secret key;  // seals what is stored
  std::string issuer;  // as apps show it
};

/// What an app needs, shown until it is confirmed.
struct Setup {
  std::string secret;  // base32
  std::string uri;  // otpauth:
  Time expires_at;
};

/// Begins an enrolment in place of an earlier one of the same browser. Nothing else changes until it is confirmed.
/// Errors: mfa_off, reauth_required, unauthenticated.
Result<Setup> start(const Deps& deps, const Context& context);
/// The same for a pending sign-in that must have one. Errors: signin_expired.
Result<Setup> start_pending(const Deps& deps, const Context& context, std::string_view token);
/// What was begun by this browser. Absent: nothing was, or too long ago.
std::optional<Setup> find_setup(const Deps& deps, const Context& context, const authn::Enroller& who);

/// Enrols the app that was set up, by a first code of it; in place of an older one. Errors: totp.not_started,
/// invalid_code, late_code, those of authn::enrol.
Result<authn::SignedIn> confirm(const Deps& deps, const Context& context, const authn::Browser& browser,
                                const Secret& code);
Result<authn::SignIn> confirm_pending(const Deps& deps, const Context& context, const authn::Browser& browser,
                                      std::string_view token, const Secret& code);

/// The second factor.
[[nodiscard]] authn::Factor factor(std::shared_ptr<const Deps> deps);
[[nodiscard]] authn::FactorState state(db::Tx& tx, const AccountId& account);

[[nodiscard]] FeatureEntry entry();
[[nodiscard]] std::vector<http::Route> api_routes(std::shared_ptr<const Deps> deps);
[[nodiscard]] std::vector<http::Route> page_routes(std::shared_ptr<const Deps> deps, const page::Pages& pages);

}  // namespace cardea::totp
