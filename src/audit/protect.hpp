#pragma once
// From what an event says to what is stored of it, and back. Internal to audit.
//
// Of whom it is about and who did it, two pseudonyms are stored. Session, address and request belong to whoever acted
// and are sealed with the actor's key; what else the event names is sealed with the key of whom it is about. So each of
// the two goes out of it with their own account. An event of nobody is sealed with the key of its month.

#include <map>
#include <optional>

#include "audit/audit.hpp"

namespace cardea::audit {

/// What is stored of an event. May make the keys of those in it.
[[nodiscard]] Entry protect(db::Tx& tx, const Keys& keys, const Entry& event);

/// Opens stored events with the keys that are there.
class Opener {
 public:
  Opener(db::Tx& tx, const Keys& keys) : tx_(&tx), keys_(&keys) {}

  /// Whose pseudonyms an event bears, as far as they are still there.
  struct Persons {
    std::optional<StoredKey> account = {};
    std::optional<StoredKey> actor = {};  // absent too when it is the same
  };
  /// Fills in what opens. An older event, which is not sealed, is left as it is.
  void open(Entry& entry, const Persons& persons);

 private:
  const Secret* month_key(Time at);

  db::Tx* tx_;
  const Keys* keys_;
  std::optional<std::map<std::int64_t, Secret>> months_;
};

}  // namespace cardea::audit
