#include "identity/identity.hpp"
#include "identity/ranking.hpp"

namespace cardea::identity {

bool may_sign_in(const Account& account) {
  switch (account.status) {
    case Status::active:
    case Status::pending_deletion: return true;
    case Status::disabled: return false;
  }
  return false;
}

std::optional<Account> set_erasure(db::Tx& tx, const AccountId& id, Time erase_at, Time now) {
  if (tx.run("UPDATE account SET erase_at = $2, updated_at = $3, standing = standing + 1 "
             "WHERE id = $1 AND erase_at IS NULL",
             id, erase_at, now) == 0) {
    return std::nullopt;
  }
  auto account = find(tx, id);
  rank_again(tx, *account);
  tx.announce(changed_topic, id);
  return account;
}

bool clear_erasure(db::Tx& tx, const AccountId& id, Time now) {
  if (tx.run("UPDATE account SET erase_at = NULL, updated_at = $2, standing = standing + 1 "
             "WHERE id = $1 AND erase_at IS NOT NULL",
             id, now) == 0) {
    return false;
  }
  rank_again(tx, *find(tx, id));
  tx.announce(changed_topic, id);
  return true;
}

bool is_put_off_beyond(db::Tx& tx, Time latest) {
  return tx.one("SELECT 1 FROM account WHERE erase_at IS NOT NULL AND erase_at > $1 LIMIT 1", latest).has_value();
}

void erase_by(db::Tx& tx, Time latest) {
  tx.run("UPDATE account SET erase_at = $1 WHERE erase_at IS NOT NULL AND erase_at > $1", latest);
}

std::vector<AccountId> due_for_erasure(db::Tx& tx, Time now, std::int64_t limit) {
  std::vector<AccountId> due;
  for (const auto& row :
       tx.all("SELECT id FROM account WHERE erase_at IS NOT NULL AND erase_at <= $1 ORDER BY erase_at, id LIMIT $2",
              now, limit)) {
    due.push_back(row.id<AccountId>(0));
  }
  return due;
}

bool erase_if_due(db::Tx& tx, const AccountId& id, Time now) {
  tx.announce(changed_topic, id);
  return tx.run("DELETE FROM account WHERE id = $1 AND erase_at IS NOT NULL AND erase_at <= $2", id, now) > 0;
}

}  // namespace cardea::identity
