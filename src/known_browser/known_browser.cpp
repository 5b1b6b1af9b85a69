#include "known_browser/known_browser.hpp"

#include "crypto/opaque_token.hpp"

namespace cardea::known_browser {
namespace {

/// NULL where it is not known: such a row says nothing of the places an account was seen in.
std::optional<std::string> stored(const std::string& part) { return part.empty() ? std::nullopt : std::optional{part}; }

}  // namespace

bool is_known(db::Database& database, const AccountId& account, const crypto::Digest& token_hash, Time now) {
  return database
      .read_one("SELECT 1 FROM known_browser WHERE token_hash = $1 AND account_id = $2 AND last_seen_at > $3",
                token_hash, account, now - lifetime)
      .has_value();
}

Secret remember(db::Tx& tx, const AccountId& account, const Place& place, Time now, Random& random) {
  auto token = crypto::make_opaque_token(random);
  // The next of 20 places, or else that of one which never came back: a program that keeps no cookies leaves one behind
  // at each sign-in, and must not push out its owner's browser. Places fill up from 0 and empty all at once.
  tx.later(
      "INSERT INTO known_browser (account_id, place, token_hash, last_seen_at, network, country) VALUES ($1, "
      "(SELECT CASE WHEN COUNT(*) < 20 THEN COUNT(*) ELSE (SELECT place FROM known_browser WHERE account_id = $1 "
      "ORDER BY has_returned, last_seen_at LIMIT 1) END FROM known_browser WHERE account_id = $1), $2, $3, $4, $5) "
      "ON CONFLICT (account_id, place) DO UPDATE SET token_hash = excluded.token_hash, "
      "last_seen_at = excluded.last_seen_at, has_returned = 0, trusted_until = 0, network = excluded.network, "
      "network_before = NULL, country = excluded.country, country_before = NULL",
      account, token.hash, now, stored(place.network), stored(place.country));
  return std::move(token.text);
}

void saw(db::Tx& tx, const crypto::Digest& token_hash, const Place& place, Time now) {
  tx.later(
      "UPDATE known_browser SET last_seen_at = $2, has_returned = 1, "
      "network_before = CASE WHEN network <> $3 THEN network ELSE network_before END, network = COALESCE($3, network), "
      "country_before = CASE WHEN country <> $4 THEN country ELSE country_before END, country = COALESCE($4, country) "
      "WHERE token_hash = $1",
      token_hash, now, stored(place.network), stored(place.country));
}

void trust(db::Tx& tx, const AccountId& account, const crypto::Digest& token_hash, Time until) {
  tx.later("UPDATE known_browser SET trusted_until = $3 WHERE token_hash = $1 AND account_id = $2", token_hash, account,
           until);
}

bool is_trusted(db::Tx& tx, const AccountId& account, const crypto::Digest& token_hash, Time now, Duration longest) {
  return tx
      .one(
          "SELECT 1 FROM known_browser WHERE token_hash = $1 AND account_id = $2 AND trusted_until > $3 "
          "AND trusted_until <= $4",
          token_hash, account, now, now + longest)
      .has_value();
}

void end_trust(db::Tx& tx, const AccountId& account) {
  tx.later("UPDATE known_browser SET trusted_until = 0 WHERE account_id = $1 AND trusted_until > 0", account);
}

void forget_all(db::Tx& tx, const AccountId& account) {
  tx.later("DELETE FROM known_browser WHERE account_id = $1", account);
}

void forget_all_but(db::Tx& tx, const AccountId& account, const Place& place, Time now) {
  forget_all(tx, account);
  if (place.network.empty()) return;
  // In the place of a browser, by a hash of which nobody has the key.
  tx.later(
      "INSERT INTO known_browser (account_id, place, token_hash, last_seen_at, network, country) "
      "VALUES ($1, 0, $2, $3, $4, $5)",
      account, crypto::sha256("no browser of " + account.text()), now, place.network, stored(place.country));
}

void forget_all(db::Tx& tx) { tx.run("DELETE FROM known_browser"); }

}  // namespace cardea::known_browser
