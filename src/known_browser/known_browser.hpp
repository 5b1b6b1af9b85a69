#pragma once
// known_browser: browsers an account has signed in from before, so that its owner still gets in while strangers are
// slowed; and the networks and countries that they were in, so that a place is known too.
//
// Owns: known_browser. Never: signs anyone in; knowing a browser only chooses which attempt budget is used, and, with
// its place, whether more than a password is asked for; trusting one, whether a second factor is asked for again.

#include <optional>
#include <string>
#include <string_view>

#include "base/id.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "crypto/hash.hpp"
#include "db/database.hpp"

namespace cardea::known_browser {

inline constexpr std::string_view cookie_name = "__Host-cardea-device";
inline constexpr Duration lifetime = std::chrono::hours{24 * 365};

/// Where a browser is; what is empty is not known.
struct Place {
  std::string network;  // as coarse_network tells them apart
  std::string country;  // two letters
};

/// True when this account has signed in with this browser before. One statement alone.
bool is_known(db::Database& database, const AccountId& account, const crypto::Digest& token_hash, Time now);
/// Makes a browser known, beyond 20 of an account instead of the one longest unseen, those never seen again first. In a
/// transaction that holds the account, or is serializable: two at once would want the same place. Returns the cookie's
/// value.
Secret remember(db::Tx& tx, const AccountId& account, const Place& place, Time now, Random& random);
/// Notes that it came back. Of each browser the last two networks and the last two countries are kept, for who goes to
/// and fro between two.
void saw(db::Tx& tx, const crypto::Digest& token_hash, const Place& place, Time now);
/// Trusts a browser that the account knows until `until`.
void trust(db::Tx& tx, const AccountId& account, const crypto::Digest& token_hash, Time until);
/// Whether it is trusted at `now`. Trust that reaches further ahead than `longest` was given by a clock that was wrong,
/// or under another setting, and does not count.
[[nodiscard]] bool is_trusted(db::Tx& tx, const AccountId& account, const crypto::Digest& token_hash, Time now,
                              Duration longest);
/// Trusts no browser of the account any more; they stay known.
void end_trust(db::Tx& tx, const AccountId& account);
/// Forgets all browsers and places of an account, after its password changed.
void forget_all(db::Tx& tx, const AccountId& account);
/// The same, and keeps that its owner was in this place: any other is new to the account from now on.
void forget_all_but(db::Tx& tx, const AccountId& account, const Place& place, Time now);
/// Forgets those of everybody.
void forget_all(db::Tx& tx);

}  // namespace cardea::known_browser
