#pragma once
// What is written to people about their addresses. Internal to email_address.

#include "challenge/challenge.hpp"
#include "email_address/email_address.hpp"

namespace cardea::email_address {

/// What tells an account from others to somebody who may know nothing of it; it may have an address that waits alone.
[[nodiscard]] std::string name_of(const identity::Account& account);

[[nodiscard]] mail::Letter confirmation_letter(const page::Words& words, std::string_view url,
                                               const identity::Account& account, const challenge::Issued& issued);
/// To the address of an account, about somebody who signed up with it.
[[nodiscard]] mail::Letter taken_letter(const page::Words& words, std::string_view url);
/// To the address that an account had before.
[[nodiscard]] mail::Letter changed_letter(const page::Words& words, std::string_view url,
                                          const identity::Account& account, const Secret& undo_token);

}  // namespace cardea::email_address
