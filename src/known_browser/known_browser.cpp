#include "known_browser/known_browser.hpp"

#include "encoding/base64.hpp"

namespace cardea::known_browser {

std::optional<crypto::Digest> token_hash(std::string_view token) {
  if (token.size() != 43) return std::nullopt;
  const auto bytes = encoding::parse_base64url(token);
  if (!bytes || bytes->size() != 32) return std::nullopt;
  return crypto::sha256(*bytes);
}

bool is_known(db::Database& database, const AccountId& account, const crypto::Digest& token_hash, Time now) {
  return database
      .read_one("SELECT 1 FROM known_device WHERE token_hash = $1 AND account_id = $2 AND last_seen_at > $3",
                token_hash, account, now - lifetime)
      .has_value();
}

Secret remember(db::Tx& tx, const AccountId& account, Time now, Random& random) {
  auto bytes = random.bytes<32>();
  std::string text = encoding::base64url(bytes);
  const auto hash = crypto::sha256(bytes);
  tx.run("INSERT INTO known_device (token_hash, account_id, last_seen_at) VALUES ($1, $2, $3)", hash, account, now);
  // Of the others 19 stay, first those that have come back: a program that keeps no cookies leaves one behind at each
  // sign-in, and must not push out its owner's browser. The new one stays whatever its time says: the clock may have
  // gone back since they were seen.
  tx.run(
      "DELETE FROM known_device WHERE account_id = $1 AND token_hash <> $2 AND token_hash NOT IN "
      "(SELECT token_hash FROM known_device WHERE account_id = $1 AND token_hash <> $2 "
      "ORDER BY has_returned DESC, last_seen_at DESC LIMIT 19)",
      account, hash);
  Secret token{text};
  wipe(text);
  wipe(bytes.data(), bytes.size());
  return token;
}

void saw(db::Tx& tx, const crypto::Digest& token_hash, Time now) {
  tx.run("UPDATE known_device SET last_seen_at = $2, has_returned = 1 WHERE token_hash = $1", token_hash, now);
}

void forget_all(db::Tx& tx, const AccountId& account) {
  tx.run("DELETE FROM known_device WHERE account_id = $1", account);
}

}  // namespace cardea::known_browser
