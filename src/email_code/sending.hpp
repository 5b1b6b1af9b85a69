#pragma once
// Codes on their way: what the queue is asked to send, and what it does. Internal to email_code.

#include "email_code/email_code.hpp"

namespace cardea::email_code {

inline constexpr std::string_view letter_kind = "email_code.write";

/// Where codes of an account go: the address that its owner has confirmed, while the account is active.
[[nodiscard]] std::optional<std::string> address_of(const std::optional<identity::Account>& account);
/// A short text for an address: a code, and what was shown by it, is worth nothing with another one.
[[nodiscard]] std::string tag_of(std::string_view address);
/// Whom a code is for: the account, the browser that waits for it, and the address.
[[nodiscard]] std::string subject_of(const AccountId& account, std::string_view binding, std::string_view address);

[[nodiscard]] std::string binding_of(const SessionId& session);
[[nodiscard]] std::string binding_of(const crypto::Digest& signin);

/// A code that is wanted.
struct Wish {
  std::string purpose;
  std::string binding;
  std::optional<AccountId> account = {};  // absent: whoever has the address
  std::string address = {};
  std::string language = {};
  bool is_unasked = false;  // a sign-in has come to its step: paid for when it is sent
};
void put(db::Tx& tx, const Deps& deps, const Wish& wish, Time now);
/// Carries it out in this transaction, where the account is known and the next page asks for the code.
void send_now(db::Tx& tx, const Deps& deps, const Wish& wish, Time now);
/// Carries a wish of the queue out: a letter, or nothing.
Result<Done> write_to(const Deps& deps, std::string_view wish, Time now);

/// What sending a code to an account costs.
[[nodiscard]] throttle::Charge send_charge(const Deps& deps, const AccountId& account);

}  // namespace cardea::email_code
