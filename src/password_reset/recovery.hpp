#pragma once
// Asking for a link by mail. Internal to password_reset.
//
// Whoever asks learns nothing: what they typed is put into the queue, whatever it is, and looked up there. So the
// answer, the statements and the time are the same for an account and for none by construction.

#include "password_reset/password_reset.hpp"

namespace cardea::password_reset {

inline constexpr std::string_view letter_kind = "password_reset.write";

/// Puts a wish for a link for whoever this user id or e-mail address is of. Errors: rate_limited,
/// mail.not_set_up.
Result<Done> ask(const Deps& deps, const Context& context, std::string_view identifier, std::string_view language);

/// Carries a wish out: a letter to the confirmed address of an active account, or nothing.
Result<Done> write_to(const Deps& deps, std::string_view wish, Time now);

/// To the address of an account whose password was set by a link.
void tell_of_new_password(db::Tx& tx, const Deps& deps, const identity::Account& account, Time now);

}  // namespace cardea::password_reset
