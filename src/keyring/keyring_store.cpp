#include "keyring/keyring_store.hpp"

namespace cardea::keyring {

std::vector<StoredKey> load(db::Tx& tx) {
  std::vector<StoredKey> keys;
  for (const auto& row : tx.all("SELECT kid, algorithm, public_jwk, private_sealed, created_at, signs_from, "
                                "signs_until, published_until FROM signing_key")) {
    keys.push_back({.kid = row.text(0),
                    .algorithm = row.text(1),
                    .public_jwk = row.text(2),
                    .private_sealed = row.bytes(3),
                    .created_at = row.time(4),
                    .signs_from = row.time(5),
                    .signs_until = row.maybe_time(6),
                    .published_until = row.maybe_time(7)});
  }
  return keys;
}

void append(db::Tx& tx, const StoredKey& key, Time published_until) {
  tx.run("UPDATE signing_key SET signs_until = $1, published_until = $2 WHERE signs_until IS NULL", key.signs_from,
         published_until);
  tx.run(
      "INSERT INTO signing_key (kid, algorithm, public_jwk, private_sealed, created_at, signs_from) "
      "VALUES ($1, $2, $3, $4, $5, $6)",
      key.kid, key.algorithm, key.public_jwk, key.private_sealed, key.created_at, key.signs_from);
}

void bound_turns(db::Tx& tx, Time latest, Duration overlap) {
  tx.run("UPDATE signing_key SET signs_from = $1 WHERE signs_from > $1", latest);
  tx.run("UPDATE signing_key SET signs_until = $1, published_until = $2 WHERE signs_until > $1", latest,
         latest + overlap);
}

void remove_retired(db::Tx& tx, Time now) { tx.run("DELETE FROM signing_key WHERE published_until <= $1", now); }

}  // namespace cardea::keyring
