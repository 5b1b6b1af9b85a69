// Addresses that are given, confirmed and put back.

#include "encoding/unicode.hpp"
#include "identity/identity.hpp"
#include "identity/taken.hpp"

namespace cardea::identity {
namespace {

Result<Done> claim(db::Tx& tx, const AccountId& id, std::string_view address, Time now) {
  const auto key = unicode::email_key(address);
  // Asked inside the serializable transaction, so that the answer still holds at the commit.
  if (tx.one("SELECT 1 FROM account WHERE email_key = $1 AND id <> $2", key, id)) {
    return Error{validation_failed, std::vector{email_taken}};
  }
  tx.run(
      "UPDATE account SET email = $2, email_key = $3, email_verified_at = $4, email_pending = NULL, "
      "email_pending_key = NULL, updated_at = $4, standing = standing + 1 WHERE id = $1",
      id, address, key, now);
  tx.announce(changed_topic, id);
  return done;
}

}  // namespace

Result<Confirmed> confirm_address(db::Tx& tx, const AccountId& id, std::string_view address, Time now) {
  const auto before = hold(tx, id);
  const bool is_pending = before && before->pending_email == address;
  const bool is_unconfirmed =
      before && !before->pending_email && !before->email_verified_at && before->email == address;
  if (!is_pending && !is_unconfirmed) return not_found;
  TRY(claim(tx, id, address, now));
  return Confirmed{.account = find(tx, id).value(),
                   .replaced = is_unconfirmed ? std::nullopt : before->email,
                   .replaced_was_verified = before->email_verified_at.has_value()};
}

Result<Account> restore_address(db::Tx& tx, const AccountId& id, std::string_view address, Time now) {
  if (!hold(tx, id)) return not_found;
  TRY(claim(tx, id, address, now));
  return find(tx, id).value();
}

bool drop_pending_address(db::Tx& tx, const AccountId& id, std::string_view address, Time now) {
  const auto dropped = tx.run(
      "UPDATE account SET email_pending = NULL, email_pending_key = NULL, updated_at = $3 "
      "WHERE id = $1 AND email_pending = $2",
      id, address, now);
  const auto removed = tx.run(
      "UPDATE account SET email = NULL, email_key = NULL, updated_at = $3, standing = standing + 1 "
      "WHERE id = $1 AND email = $2 AND email_verified_at IS NULL",
      id, address, now);
  if (dropped + removed > 0) tx.announce(changed_topic, id);
  return dropped + removed > 0;
}

std::vector<AccountId> waiting_for(db::Tx& tx, std::string_view address, const AccountId& except) {
  std::vector<AccountId> accounts;
  for (const auto& row : tx.all("SELECT id FROM account WHERE email_pending_key = $1 AND id <> $2",
                                unicode::email_key(address), except)) {
    accounts.push_back(row.id<AccountId>(0));
  }
  return accounts;
}

bool is_claimed(db::Tx& tx, std::string_view address, const AccountId& except) {
  return tx.one("SELECT 1 FROM account WHERE email_key = $1 AND id <> $2", unicode::email_key(address), except)
      .has_value();
}

std::optional<std::string> confirmed_address(const Account& account) {
  return may_sign_in(account) && account.email_verified_at ? account.email : std::nullopt;
}

db::Condition has_confirmed_address(const AccountId& account) {
  // Also while it waits to be erased, which its stored status does not say.
  return {
      "EXISTS (SELECT 1 FROM account WHERE id = $? AND status = $? AND email IS NOT NULL "
      "AND email_verified_at IS NOT NULL)",
      account, to_text(Status::active)};
}

bool awaits_confirmation(const Settings& settings, const Account& account) {
  return settings.requires_confirmation() && !account.email_verified_at;
}

std::optional<std::string> address_to_confirm(const Settings& settings, const Account& account) {
  if (account.pending_email) return account.pending_email;
  return awaits_confirmation(settings, account) ? account.email : std::nullopt;
}

void set_language(db::Tx& tx, const AccountId& id, std::string_view language) {
  tx.later("UPDATE account SET language = $2 WHERE id = $1", id, language);
}

}  // namespace cardea::identity
