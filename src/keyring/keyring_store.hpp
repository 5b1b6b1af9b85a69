#pragma once
// The rows of signing_key.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "db/database.hpp"

namespace cardea::keyring {

struct StoredKey {
  std::string kid;  // RFC 7638 thumbprint
  std::string algorithm;
  std::string public_jwk;  // JSON, with kid
  Bytes private_sealed;    // PKCS#8 DER, sealed for this row
  Time created_at;
  Time signs_from;
  std::optional<Time> signs_until;      // absent: no successor yet
  std::optional<Time> published_until;  // absent: no successor yet
};

std::vector<StoredKey> load(db::Tx& tx);
/// Stores `key` and lets it take over from the present last one, which stays published until `published_until`.
void append(db::Tx& tx, const StoredKey& key, Time published_until);
/// Lets no key take its turn after `latest`, nor end its own then: a clock that was ahead has stored such a turn. What
/// ends then stays published for `overlap`.
void bound_turns(db::Tx& tx, Time latest, Duration overlap);
/// Deletes the keys whose time of publication is over; a key that is gone cannot leak.
void remove_retired(db::Tx& tx, Time now);

}  // namespace cardea::keyring
