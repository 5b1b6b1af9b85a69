#pragma once
// password_reset: a way back in for who forgot the password: a link that works once and lets its holder set a new one.
// It is sent to the confirmed address of an account, whoever asks, or printed for the operator.
//
// Owns: no table; the link is a challenge. Never: opens a session, so what else a sign-in asks for is still asked;
// says whose a link is before it is known to work; says whether there is an account.
// Routes: pages /recover, /password-reset; POST /v1/recover, /v1/recover/complete.

#include "account/account.hpp"
#include "challenge/challenge.hpp"
#include "feature/feature.hpp"
#include "mail/mail.hpp"

namespace cardea::password_reset {

/// One for an account at a time, good for twenty minutes. Its subject is the account and what it was when the link was
/// made: after any change of password, address or status it is worth nothing.
inline constexpr challenge::Purpose password_link{
    "password.reset", {.lifetime = std::chrono::minutes{20}, .carries = challenge::Carries::link}};

inline constexpr ErrorKind account_blocked{"password_reset.account_blocked", 409,
                                           "The account is blocked. Unblock it first."};

inline constexpr audit::Kind link_made{"user.reset.issued", "A link was made by which a new password can be set."};
inline constexpr audit::Kind password_set{"user.reset.completed",
                                          "A new password was set by a link, and every session ended."};

struct Settings {
  /// Tries to use a link, by network.
  throttle::Budget address{.free = 20,
                           .regain = std::chrono::minutes{1},
                           .delay = std::chrono::seconds{1},
                           .max_delay = std::chrono::minutes{15}};
  /// Wishes for a link, by network.
  throttle::Budget request{.free = 10,
                           .regain = std::chrono::minutes{2},
                           .delay = std::chrono::seconds{1},
                           .max_delay = std::chrono::minutes{15}};
};

/// Bytes of what somebody types who asks for a link.
inline constexpr std::size_t longest_identifier = 400;

/// A link for this account, as the operator of the machine asks for it: its token stands in `Issued::link`. Replaces an
/// earlier one, and records it. Errors: forbidden for everybody else, not_found, password_reset.account_blocked.
Result<challenge::Issued> make_link(const account::Deps& deps, const Context& context, const AccountId& id);
/// The same for an account that is held, without asking anything.
[[nodiscard]] challenge::Issued issue_link(db::Tx& tx, Random& random, const identity::Account& account, Time now);
/// Where a link leads, on a server at `url`.
[[nodiscard]] std::string address_of(std::string_view url, const Secret& token);

struct Deps {
  const authn::Deps& authn;
  const page::Pages& pages;
  const mail::Outbox& outbox;
  jobs::Queue& queue;
  const Settings& settings;
};

/// Whom a link is for, while it works. Errors: challenge.not_valid.
Result<identity::Account> holder(const authn::Deps& deps, const Context& context, std::string_view token);

struct NewPassword {
  std::string token;
  Secret password;
  std::optional<Secret> confirmation = {};
};
/// Sets a new password by a link and uses the link up; ends every session, forgets every browser and
/// tells the account's address. Heavy lane.
/// Errors: rate_limited, challenge.not_valid, validation_failed, overloaded.
Result<Done> set_password(const Deps& deps, const Context& context, const NewPassword& wanted);

[[nodiscard]] FeatureEntry entry();
[[nodiscard]] Feature feature(const Deps& deps);
[[nodiscard]] std::vector<http::Route> page_routes(const Deps& deps);
[[nodiscard]] std::vector<http::Route> api_routes(const Deps& deps);

}  // namespace cardea::password_reset
