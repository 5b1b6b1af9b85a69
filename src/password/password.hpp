#pragma once
// password: Argon2id strings, the policy for new ones, and rehashing when the cost setting changes.
//
// Owns: password. Never: logs, returns or stores a password; decides who is signed in.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fair_queue.hpp"
#include "base/id.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "breached/breached.hpp"
#include "breached/service_settings.hpp"
#include "config/section.hpp"
#include "crypto/argon2.hpp"
#include "db/database.hpp"
#include "observe/metrics.hpp"

namespace cardea::password {

/// Whether new passwords are looked up among leaked ones.
enum class LeakCheck { automatic, off };
constexpr auto enum_texts(LeakCheck) {
  return std::to_array<EnumText<LeakCheck>>({{LeakCheck::automatic, "auto"}, {LeakCheck::off, "off"}});
}

struct Settings {
  std::int64_t min_length = 15;               // code points; 8 is right only where a second factor is required
  std::int64_t max_length = 256;              // code points
  crypto::Argon2Cost cost = {};               // 19 MiB, 2 passes
  LeakCheck breached = LeakCheck::automatic;  // when there is a list
  std::string breached_file = {};             // empty: where an import puts it beside a SQLite database
  breached::ServiceSettings breached_service = {};  // asked where there is no list, when a password is chosen
};
void describe(config::Section& section, Settings& settings);

/// Nobody may use more memory than this for one sign-in: bytes of the longest password in UTF-8.
inline constexpr std::size_t max_bytes = 1024;

/// What the owner calls themselves; a password must not be made of these.
struct Owner {
  std::string_view name = {};
  std::string_view uid = {};
  std::string_view email = {};
};

/// What is wrong with a new password, at most one problem on `field`. Codes: password_missing, password_invalid,
/// password_short, password_long, password_common, password_personal, password_breached. No composition rules (NIST SP
/// 800-63B §3.1.1.2). `leaked` may be null: none is known.
[[nodiscard]] std::optional<FieldError> check_new(const Settings& settings, const breached::Passwords* leaked,
                                                  std::string_view password, const Owner& owner,
                                                  std::string_view field = "password");
/// Whether a password that is in use has appeared in a data leak.
[[nodiscard]] bool has_leaked(const breached::Passwords* leaked, const Secret& password);

/// A stored hash and since when.
struct Stored {
  std::string phc;
  Time changed_at;
  std::int64_t revision = 0;  // goes up with each new password, and not with a better hash of the same one
  std::optional<Time> breached_at = {};  // when a sign-in found it in a data leak
};

/// Whether a password is the stored one. No bool: the outcome of `verify` must not be taken for it.
enum class Match { no, yes };

class HashSlots;

/// One hash per core.
[[nodiscard]] std::size_t default_permits();

/// How many hash at one time, and how many others may wait for it; an eighth of these only with a reserve.
struct Places {
  std::size_t permits = default_permits();
  std::size_t waiting = 64;
};

/// Hashes and verifies at the set cost. Heavy lane only: each call costs milliseconds and `cost.memory_kib` of memory.
/// No more than `permits` calls compute at once, whatever the number of threads; the others wait for the turn of their
/// share, as many as there are places to wait. Callable from any thread. Errors: overloaded, when there is no place.
class Hasher {
 public:
  /// Times every hash as cardea_password_hash_seconds, and what it waited as cardea_password_hash_wait_seconds.
  Hasher(const Settings& settings, Random& random, observe::Metrics& metrics, const Places& places = {});
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  [[nodiscard]] Result<std::string> hash(const Share& share, const Secret& password) const;
  /// Does the same work whether or not there is a hash: an absent one is answered by a decoy of the present cost,
  /// whereas a hash made before the setting changed keeps its own (docs/threat-model.md, not covered).
  [[nodiscard]] Result<Match> verify(const Share& share, const std::optional<Stored>& stored,
                                     const Secret& password) const;
  /// Whether there is a place for `share` now: to be asked before anything is paid for a hash.
  [[nodiscard]] bool has_room_for(const Share& share) const;
  /// Refuses whoever waits, and from now on whoever would have to: the program ends.
  void close() const;
  /// The cost setting has changed since this hash was made.
  [[nodiscard]] bool is_outdated(const Stored& stored) const;

  /// Gives memory in which nothing was hashed for a second, and the traces of passwords in it, back to the system. For
  /// a thread that hashes when it has had nothing to do for that long.
  void release_idle_memory() const noexcept;
  /// Bytes kept for the next hashes; at most `permits` blocks of the dearest hash so far.
  [[nodiscard]] std::size_t memory_kept() const;

 private:
  crypto::Argon2Cost cost_;
  Random& random_;
  observe::Histogram& spans_;
  observe::Histogram& waits_;
  std::unique_ptr<HashSlots> slots_;
  std::string decoy_;
};

std::optional<Stored> find(db::Tx& tx, const AccountId& account);
/// That there is one.
[[nodiscard]] db::Condition is_set(const AccountId& account);
/// Sets the first or a new password.
void store(db::Tx& tx, const AccountId& account, std::string_view phc, Time now);
/// Takes it away, so that nothing is the right password.
void remove(db::Tx& tx, const AccountId& account);
/// Goes up with every password that is set or taken away; 0 before there was one.
[[nodiscard]] std::int64_t revision(db::Tx& tx, const AccountId& account);
/// Replaces the hash of the same password, if it is still `old`; the date of the password stays.
void replace_hash(db::Tx& tx, const AccountId& account, std::string_view old, std::string_view phc);
/// Notes that the password of this revision has appeared in a data leak, until there is a new one.
void mark_breached(db::Tx& tx, const AccountId& account, std::int64_t revision, Time now);

}  // namespace cardea::password
