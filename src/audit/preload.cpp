#include "audit/preload.hpp"

#include "audit/key_store.hpp"

namespace cardea::audit {

void preload_key(db::Tx& tx, const Keys& keys, const AccountId& account, Time now) {
  if (const auto row = find_key(tx, account)) keys.learn(*row, now);
}

}  // namespace cardea::audit
