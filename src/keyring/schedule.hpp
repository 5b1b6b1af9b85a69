#pragma once
// When keys are made, sign and go: pure decisions over the stored keys.

#include <optional>
#include <string_view>
#include <vector>

#include "keyring/keyring.hpp"
#include "keyring/keyring_store.hpp"

namespace cardea::keyring {

/// Puts keys in the order in which they sign.
void sort_by_turn(std::vector<StoredKey>& keys);

/// When a key that is made now will sign first; absent when none is needed now.
///
/// The first key signs at once: nobody holds an older key set. A successor is made `overlap` before its turn, so that
/// verifiers that cache the key set know it in time; a late one does not shorten that. A change of algorithm makes a
/// successor at once, unless one of that algorithm is waiting already, so that processes with different settings
/// (a deployment in progress) cannot fill the table.
///
/// @param keys  in the order of their turns
std::optional<Time> next_key_signs_from(const std::vector<StoredKey>& keys, const Settings& settings, Time now);

/// The index of the key that signs: the last whose turn has come, or the first of all.
std::size_t signer_index(const std::vector<StoredKey>& keys, Time now);

/// True when a turn lies further ahead than a key is made before it: a clock that was ahead has made that key, and no
/// other would be made until then.
bool has_turn_ahead(const std::vector<StoredKey>& keys, const Settings& settings, Time now);

/// True when a key is stored whose publication is over.
bool has_retired(const std::vector<StoredKey>& keys, Time now);

}  // namespace cardea::keyring
