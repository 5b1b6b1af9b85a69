#pragma once
// email_address: an e-mail address counts once its owner has confirmed it, by a code or a link that was sent there; and
// who loses an address to a change can take it back for a week.
//
// Owns: no table; what is sent are challenges. Never: confirms anything because a link was merely fetched, as programs
// that look through mail do; tells anybody but the owner of an address whether it has an account.
// Routes: pages /verify, /verify/link, /verify/undo; POST /v1/verify, /v1/verify/resend, /v1/verify/link; and for a
// sign-in that waits for it POST /v1/verify/signin and what is below.
//
// Somebody may sign up with the address of somebody else. Nothing is gained by it: the address does nothing before it
// is confirmed, whoever confirms it first has it, and a link that is opened in a browser that knows nothing of the
// account confirms it only to who also knows the account's password.

#include <optional>
#include <string>
#include <string_view>

#include "challenge/challenge.hpp"
#include "feature/feature.hpp"
#include "mail/mail.hpp"

namespace cardea::email_address {

/// Its subject is the account and the address: with either changed it is worth nothing.
inline constexpr challenge::Purpose confirmation{"email.confirm", {.lifetime = std::chrono::hours{1}}};
inline constexpr challenge::Purpose undo{
    "email.undo",
    {.lifetime = std::chrono::hours{24 * 7}, .carries = challenge::Carries::link, .live = challenge::Live::any}};

inline constexpr ErrorKind nothing_to_confirm{"email.nothing_to_confirm", 409,
                                              "No e-mail address waits to be confirmed."};
inline constexpr ErrorKind password_needed{
    "email.password_needed", 403, "This link was opened where nobody is signed in. Show the account's password."};

inline constexpr audit::Kind confirmed{"user.email.verified", "The owner of an e-mail address confirmed it."};
inline constexpr audit::Kind refused{"user.email.refused",
                                     "Who reads mail to an address said that the account is not theirs."};
inline constexpr audit::Kind undone{"user.email.undone", "A change of address was taken back, and sessions ended.",
                                    audit::Repeats::kept, audit::Concern::address};

struct Settings {
  /// Codes and links that one account asks to be sent again.
  throttle::Budget resend{.free = 3,
                          .regain = std::chrono::minutes{5},
                          .delay = std::chrono::seconds{30},
                          .max_delay = std::chrono::hours{1}};
  /// Guesses at codes, of one account, however many codes it asks for.
  throttle::Budget guess{.free = 15,
                         .regain = std::chrono::minutes{10},
                         .delay = std::chrono::seconds{5},
                         .max_delay = std::chrono::hours{1}};
  /// Tries to use a link, by network.
  throttle::Budget address{.free = 30,
                           .regain = std::chrono::minutes{1},
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

/// Writes to the address of an account that waits to be confirmed: a code and a link, or, where the address has an
/// account already, how to get into that one; then there is a code all the same, which nobody is told, so that guesses
/// are answered alike. What the queue does for `on_address_pending`.
Result<Done> write_to(const Deps& deps, const AccountId& account, Time now);

/// Whether it was, and the code that was sent still works: signing in again and again sends nothing more.
[[nodiscard]] bool was_written_to(db::Tx& tx, const Deps& deps, const identity::Account& account, Time now);

/// The same again, at the wish of the account. Errors: rate_limited, email.nothing_to_confirm.
Result<Done> resend(const Deps& deps, const Context& context, const AccountId& account);

/// Confirms the pending address by the code. Errors: rate_limited, email.nothing_to_confirm, challenge.wrong_code,
/// challenge.not_valid, validation_failed (email_taken: somebody else was first).
Result<identity::Account> confirm_by_code(const Deps& deps, const Context& context, const AccountId& account,
                                          const Secret& code);

/// Whom a link was sent for.
struct LinkHolder {
  identity::Account account;
  std::string address;
};
/// Absent account: used, expired, replaced or never made. Errors: challenge.not_valid.
Result<LinkHolder> holder(const Deps& deps, const Context& context, std::string_view token);

/// Confirms by a link: in a browser of the account (`known`), or with its password. Heavy lane.
/// Errors: rate_limited, challenge.not_valid, email.password_needed, invalid_credentials, validation_failed.
struct LinkUse {
  std::string_view token;
  std::optional<AccountId> known = {};
  Secret password = {};
};
Result<identity::Account> confirm_by_link(const Deps& deps, const Context& context, const authn::Browser& browser,
                                          const LinkUse& use);
/// Who got the link has nothing to do with the account: the address leaves it. Errors: rate_limited,
/// challenge.not_valid.
Result<Done> refuse_by_link(const Deps& deps, const Context& context, std::string_view token);

/// What a link would put back, while it works. Errors: challenge.not_valid.
Result<LinkHolder> undo_holder(const Deps& deps, const Context& context, std::string_view token);
/// Puts an address back, ends every session and forgets every browser: whoever changed it knows the password or had a
/// session. Errors: rate_limited, challenge.not_valid, validation_failed (email_taken).
Result<Done> undo_change(const Deps& deps, const Context& context, std::string_view token);

/// Gives the account of a sign-in that waits for it another address to confirm: for who mistyped one, or has none. Of
/// an account with a second factor nobody does that who has shown less. Errors: signin_expired, rate_limited,
/// validation_failed, reauth_required.
Result<Done> give_address(const Deps& deps, const Context& context, std::string_view token,
                          const std::optional<std::string>& address);

[[nodiscard]] FeatureEntry entry();
[[nodiscard]] std::vector<http::Route> page_routes(const Deps& deps);
/// Of a sign-in that waits.
[[nodiscard]] std::vector<http::Route> signin_routes(const Deps& deps);
[[nodiscard]] std::vector<http::Route> api_routes(const Deps& deps);

}  // namespace cardea::email_address
