#pragma once
// sms: codes by text message as a second factor, for who has nothing stronger; and the messages themselves.
//
// Owns: sms_factor, sms_enrolment; what is sent are challenges. Never: counts beside an authenticator app or a security
// key (authn/next_step.hpp); sends anything before the operator has named a gateway and its countries; sends a
// code without a charge to the number, its block, the account and the network of who asks; shows a whole number again.
// Routes: GET, POST and DELETE /v1/me/sms, POST /v1/me/sms/confirm, POST /v1/sms/send; pages /account/security/sms;
// POST /signin/verify/sms_code/send, POST /reauth/sms_code/send.
//
// A code is good for ten minutes, once, and in the sign-in or session for which it was sent. That keeps whoever reads
// the message elsewhere out, and nobody who has the number taken over: this is the weakest of the factors, and is not
// offered to a sign-in that must enrol one.

#include <string>
#include <string_view>
#include <vector>

#include "authn/factors.hpp"
#include "challenge/challenge.hpp"
#include "feature/feature.hpp"
#include "page/page.hpp"
#include "sms/gateway.hpp"
#include "sms/outbox.hpp"
#include "throttle/throttle.hpp"

namespace cardea::sms {

inline constexpr Duration code_lifetime = std::chrono::minutes{10};
inline constexpr challenge::Rules code_rules{.lifetime = code_lifetime, .carries = challenge::Carries::code};
/// Its subject is the account and the sign-in or session.
inline constexpr challenge::Purpose second_step{"sms.second_step", code_rules};
/// Its subject is what binds the enrolment to its browser.
inline constexpr challenge::Purpose enrolment{"sms.enrolment", code_rules};

inline constexpr ErrorKind not_set_up{"sms.not_set_up", 503, "This server cannot send text messages."};
inline constexpr ErrorKind not_started{"sms.not_started", 409, "This code has ended. Ask for a new one."};
inline constexpr ErrorKind unreachable{"sms.unreachable", 409, "No text messages are sent to this number from here."};

struct Settings {
  GatewaySettings gateway;
  std::vector<std::string> countries;  // by calling code; empty: nothing is sent
  /// Messages to one number, and of one account.
  throttle::Budget number{
      .free = 4, .regain = std::chrono::hours{1}, .delay = std::chrono::minutes{1}, .max_delay = std::chrono::hours{4}};
  /// To numbers that differ in their last three digits alone: fraud fills whole blocks.
  throttle::Budget block{.free = 20,
                         .regain = std::chrono::minutes{10},
                         .delay = std::chrono::minutes{1},
                         .max_delay = std::chrono::hours{4}};
  /// Whatever the numbers, of who asks from one network.
  throttle::Budget network{.free = 12,
                           .regain = std::chrono::minutes{15},
                           .delay = std::chrono::minutes{1},
                           .max_delay = std::chrono::hours{4}};
  bool is_for_development = false;  // keeps messages on this machine for `cardea dev`; no setting
};
void describe(config::Section& root, Settings& settings);

struct Deps {
  const authn::Deps& authn;
  const page::Pages& pages;
  const challenge::Challenges& challenges;
  const Settings& settings;
  bool is_kept;  // on this machine, whatever the country
  Outbox outbox;
  Secret key;  // seals numbers
  std::string brand;  // the installation's name
  std::string host;  // of this server, which browsers bind the code of a message to

  [[nodiscard]] bool is_on() const { return is_kept || (!settings.gateway.url.empty() && !settings.countries.empty()); }
};

/// A code that is on its way.
struct Sent {
  std::string to;  // "•••• 78"
  Time expires_at;
};

/// Sends a code to a number that the principal wants to enrol, in place of what the same session began before.
/// Errors: validation_failed, sms.not_set_up, rate_limited, mfa_off, reauth_required, unauthenticated.
Result<Sent> start(const Deps& deps, const Context& context, const page::Words& words, std::string_view number);
/// What this session has begun. Absent: nothing, or too long ago.
[[nodiscard]] std::optional<Sent> find_started(const Deps& deps, const Context& context);
/// Enrols the number by its code; in place of an older one. Errors: sms.not_started, invalid_code, those of
/// authn::enrol.
Result<authn::SignedIn> confirm(const Deps& deps, const Context& context, const authn::Browser& browser,
                                const Secret& code);

/// Sends a code to the number of an account, good for the sign-in whose key this is the hash of, or else for the
/// session of the principal. Errors: not_found, sms.not_set_up, sms.unreachable, rate_limited, unauthenticated.
Result<Sent> send_code(const Deps& deps, const Context& context, const page::Words& words, const AccountId& account,
                       const std::optional<crypto::Digest>& signin);
/// The same for the session of the principal; not_found also while its account has something stronger.
Result<Sent> send_in_session(const Deps& deps, const Context& context, const page::Words& words);
/// The same for the sign-in that is pending, by its token. Errors: signin_expired besides.
Result<Sent> send_in_sign_in(const Deps& deps, const Context& context, const page::Words& words,
                             std::string_view token);

struct State {
  bool is_enrolled = false;
  std::optional<Time> since = {};
  std::string number = {};  // "•••• 78"
};
[[nodiscard]] State find_state(const Deps& deps, db::Tx& tx, const AccountId& account);

[[nodiscard]] authn::Factor factor(std::shared_ptr<const Deps> deps);
[[nodiscard]] FeatureEntry entry();
[[nodiscard]] std::vector<http::Route> api_routes(std::shared_ptr<const Deps> deps);
[[nodiscard]] std::vector<http::Route> page_routes(std::shared_ptr<const Deps> deps);

}  // namespace cardea::sms
