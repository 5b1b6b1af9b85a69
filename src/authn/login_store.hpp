#pragma once
// An account, its password and its key in the audit trail, read by one statement: of the rows of rooms which elsewhere
// are read by their own room alone, because a sign-in is as slow as its round trips (docs/adr/0021). Internal to authn.

#include "authn/authn.hpp"

namespace cardea::authn {

struct Login {
  identity::Account account;
  std::optional<password::Stored> stored;
  bool browser_is_known = false;
  bool is_unusual = false;  // seen in other networks alone and not in this browser, or in other countries alone
  bool browser_is_trusted = false;  // asked again where it decides: known_browser::is_trusted
  std::optional<audit::StoredKey> trail_key = {};  // absent in an account that was made before there were any
};

/// Where somebody is who may be known: the key of a known-browser cookie, and the place.
struct Whereabouts {
  const std::optional<crypto::Digest>& browser;
  const known_browser::Place& place;
};

/// By what was typed, or by the account of a session. One statement alone, the same whether or not there is such an
/// account or cookie.
std::optional<Login> find_login(db::Database& database, const LoginName& name, const Whereabouts& where, Time now);

/// Whether a password that was right is still the one of the account. A better hash of the same password, which may
/// have replaced it meanwhile, is no new revision.
bool password_holds(db::Tx& tx, const AccountId& account, const Evidence& evidence);

}  // namespace cardea::authn
