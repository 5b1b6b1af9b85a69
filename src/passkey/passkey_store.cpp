#include "passkey/passkey_store.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace cardea::passkey {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) (text += text.empty() ? "" : " ") += word;
  return text;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  if (text.empty()) return words;
  for (const auto word : text::split(text, ' ')) words.emplace_back(word);
  return words;
}

webauthn::Aaguid to_aaguid(const Bytes& bytes) {
  webauthn::Aaguid aaguid{};
  if (bytes.size() == aaguid.size()) std::copy(bytes.begin(), bytes.end(), aaguid.begin());
  return aaguid;
}

Passkey to_passkey(const db::Row& row) {
  return {.id = row.id<PasskeyId>(0),
          .owner = row.id<AccountId>(1),
          .kind = parse_enum<Kind>(row.text(2)).value(),
          .credential_id = to_bytes(row.bytes(3)),
          .public_key = to_bytes(row.bytes(4)),
          .sign_count = static_cast<std::uint32_t>(row.integer(5)),
          .transports = words_of(row.text(6)),
          .aaguid = to_aaguid(to_bytes(row.bytes(7))),
          .backup_eligible = row.integer(8) != 0,
          .backed_up = row.integer(9) != 0,
          .user_verified = row.integer(10) != 0,
          .name = row.text(11),
          .created_at = row.time(12),
          .last_used_at = row.is_null(13) ? std::nullopt : std::optional{row.time(13)}};
}

}  // namespace

bool insert(db::Tx& tx, const Passkey& passkey) {
  return tx
      .one(
          "INSERT INTO passkey (id, account_id, credential_id, kind, public_key, sign_count, transports, aaguid, "
          "  backup_eligible, backed_up, user_verified, name, created_at, last_used_at) "
          "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, NULL) "
          "ON CONFLICT (credential_id) DO NOTHING RETURNING id",
          passkey.id, passkey.owner, passkey.credential_id, enum_text(passkey.kind), passkey.public_key,
          passkey.sign_count, joined(passkey.transports), passkey.aaguid, passkey.backup_eligible, passkey.backed_up,
          passkey.user_verified, passkey.name, passkey.created_at)
      .has_value();
}

std::vector<Passkey> list(db::Tx& tx, const AccountId& owner) {
  std::vector<Passkey> all;
  for (const auto& row :
       tx.all("SELECT id, account_id, kind, credential_id, public_key, sign_count, transports, aaguid, "
              "  backup_eligible, backed_up, user_verified, name, created_at, last_used_at "
              "FROM passkey WHERE account_id = $1 ORDER BY id",
              owner)) {
    all.push_back(to_passkey(row));
  }
  return all;
}

std::optional<Passkey> find(db::Tx& tx, const AccountId& owner, const PasskeyId& id) {
  const auto row = tx.one(
      "SELECT id, account_id, kind, credential_id, public_key, sign_count, transports, aaguid, "
      "  backup_eligible, backed_up, user_verified, name, created_at, last_used_at "
      "FROM passkey WHERE id = $1 AND account_id = $2",
      id, owner);
  return row ? std::optional{to_passkey(*row)} : std::nullopt;
}

std::optional<Passkey> find_credential(db::Tx& tx, BytesView credential_id) {
  const auto row = tx.one(
      "SELECT id, account_id, kind, credential_id, public_key, sign_count, transports, aaguid, "
      "  backup_eligible, backed_up, user_verified, name, created_at, last_used_at "
      "FROM passkey WHERE credential_id = $1",
      credential_id);
  return row ? std::optional{to_passkey(*row)} : std::nullopt;
}

db::Condition has(const AccountId& owner, Kind kind) {
  return {"EXISTS (SELECT 1 FROM passkey WHERE account_id = $? AND kind = $?)", owner, enum_text(kind)};
}

bool use(db::Tx& tx, const PasskeyId& id, const webauthn::Verified& verified, Time now) {
  return tx
      .one(
          "UPDATE passkey SET sign_count = $2, backed_up = $3, last_used_at = $4, "
          "  user_verified = CASE WHEN $5 = 1 THEN 1 ELSE user_verified END "
          "WHERE id = $1 AND (sign_count < $2 OR (sign_count = 0 AND $2 = 0)) RETURNING id",
          id, verified.sign_count, verified.backed_up, now, verified.user_verified)
      .has_value();
}

bool set_name(db::Tx& tx, const AccountId& owner, const PasskeyId& id, std::string_view name) {
  return tx.one("UPDATE passkey SET name = $3 WHERE id = $1 AND account_id = $2 RETURNING id", id, owner, name)
      .has_value();
}

bool erase(db::Tx& tx, const AccountId& owner, const PasskeyId& id) {
  return tx.one("DELETE FROM passkey WHERE id = $1 AND account_id = $2 RETURNING id", id, owner).has_value();
}

std::int64_t erase_all(db::Tx& tx, const AccountId& owner) {
  return std::ssize(tx.all("DELETE FROM passkey WHERE account_id = $1 RETURNING id", owner));
}

}  // namespace cardea::passkey
