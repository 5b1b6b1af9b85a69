#pragma once
// Whether somebody may sign up, and the links that invite: one for one account.
//
// Owns: no table; the link is a challenge. Never: says whether an account has the address that a link is for.

#include <optional>
#include <string>
#include <string_view>

#include "authn/authn.hpp"
#include "challenge/challenge.hpp"

namespace cardea::authn {

inline constexpr Duration longest_invitation = std::chrono::hours{24 * 90};
/// Good for one account each, and any number of them at a time.
inline constexpr challenge::Purpose invitation_link{
    "signup.invite",
    {.lifetime = longest_invitation, .carries = challenge::Carries::link, .live = challenge::Live::any}};

/// What a link says of the account that is made by it.
struct Invitation {
  std::optional<std::string> email = {};  // its address must be this one; absent: any
  Role role = Role::user;
};

/// A link, as the operator of the machine asks for it: its token stands in `Issued::link`. Records it. Errors:
/// forbidden for everybody else, validation_failed (email_invalid, email_taken), signup_closed.
Result<challenge::Issued> invite(const account::Deps& deps, identity::SignupMode mode, const Context& context,
                                 const Invitation& invitation, Duration lifetime);
/// Where a link leads, on a server at `url`.
[[nodiscard]] std::string address_of_invitation(std::string_view url, const Secret& token);

/// Whether a sign-up without a link is taken. Errors: signup_closed, invitation_required.
Result<Done> may_sign_up(identity::SignupMode mode, bool has_invitation);
/// What a link says, while it works. Errors: invitation_not_valid.
Result<Invitation> find_invitation(const Deps& deps, const Context& context, std::string_view token);
/// Uses a link up, in the transaction that makes the account. Errors: invitation_not_valid.
Result<Invitation> redeem_invitation(db::Tx& tx, const Deps& deps, const Context& context, std::string_view token);

}  // namespace cardea::authn
