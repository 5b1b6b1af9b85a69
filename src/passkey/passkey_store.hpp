#pragma once
// The table of passkeys. Internal to passkey.

#include "passkey/passkey.hpp"

namespace cardea::passkey {

/// False when the credential is known already, of whomever.
bool insert(db::Tx& tx, const Passkey& passkey);
std::vector<Passkey> list(db::Tx& tx, const AccountId& owner);
std::optional<Passkey> find(db::Tx& tx, const AccountId& owner, const PasskeyId& id);
std::optional<Passkey> find_credential(db::Tx& tx, BytesView credential_id);
[[nodiscard]] db::Condition has(const AccountId& owner, Kind kind);
/// Notes a use; false when it is gone, or its counter has gone as far meanwhile. One statement, so that of two uses
/// that count the same one succeeds.
bool use(db::Tx& tx, const PasskeyId& id, const webauthn::Verified& verified, Time now);
bool set_name(db::Tx& tx, const AccountId& owner, const PasskeyId& id, std::string_view name);
bool erase(db::Tx& tx, const AccountId& owner, const PasskeyId& id);
/// Returns how many there were.
std::int64_t erase_all(db::Tx& tx, const AccountId& owner);

}  // namespace cardea::passkey
