#include "identity/all_accounts.hpp"

namespace cardea::identity {

std::vector<Account> accounts_after(db::Tx& tx, const AccountId& after, const Wanted& wanted, std::int64_t limit) {
  db::Select select{
      "SELECT id, uid, name, email, status, role, created_at, updated_at, profile, email_pending, email_verified_at, "
      "language, erase_at FROM account"};
  if (wanted.status == Status::pending_deletion) {
    select.where("status = $?", to_text(Status::active)).where("erase_at IS NOT NULL");
  } else if (wanted.status) {
    select.where("status = $?", to_text(*wanted.status));
    if (wanted.status == Status::active) select.where("erase_at IS NULL");
  }
  if (wanted.role) select.where("role = $?", enum_text(*wanted.role));
  select.order_by("id", db::Direction::ascending).after(after).limit(limit);
  std::vector<Account> accounts;
  for (const auto& row : tx.all(select)) accounts.push_back(to_account(row));
  return accounts;
}

}  // namespace cardea::identity
