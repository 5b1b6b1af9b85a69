#pragma once
// challenge: the one room for secrets that work once, codes that people type and links that they follow.
//
// Owns: challenge. Never: knows what a secret opens, sends one, or stores one. A code is short enough to try them all,
// so it is hashed under a key of the server that is not in the database, bound to its challenge and purpose; a link's
// token is not, and is looked up by its digest.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/id.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "db/database.hpp"
#include "jobs/periodic.hpp"

namespace cardea::challenge {

inline constexpr ErrorKind wrong_code{"challenge.wrong_code", 422, "This code is not right. Check it and try again."};
/// Used, expired, replaced, tried too often, or never issued: which of these is nobody's business.
inline constexpr ErrorKind not_valid{"challenge.not_valid", 410, "This no longer works. Ask for a new one."};

struct ChallengeTag {
  static constexpr std::string_view prefix = "chl_";
};
using ChallengeId = Id<ChallengeTag>;

/// What a challenge hands out.
enum class Carries { code, link, code_and_link };
/// How many challenges of one purpose and subject work at a time.
enum class Live { one, any };  // one: a new one replaces the old

struct Rules {
  Duration lifetime;
  Carries carries = Carries::code_and_link;
  Live live = Live::one;
  std::int64_t digits = 6;    // of a code, 6 to 8
  std::int64_t attempts = 5;  // guesses at a code; the link works on when they are spent
};

/// What a secret is for: a constant of the feature that owns it, which no secret of another purpose can stand in for.
class Purpose {
 public:
  /// `name` is stored, as "email.verify".
  consteval Purpose(std::string_view name, const Rules& rules) : name_(name), rules_(rules) {
    const bool is_sound = !name.empty() && name.find('\0') == std::string_view::npos && rules.digits >= 6 &&
                          rules.digits <= 8 && rules.attempts >= 1 && rules.attempts <= 10 &&
                          rules.lifetime > Duration{0} && rules.lifetime <= std::chrono::hours{24 * 366};
    if (!is_sound) purpose_has_rules_out_of_range();
  }
  [[nodiscard]] constexpr std::string_view name() const { return name_; }
  [[nodiscard]] constexpr const Rules& rules() const { return rules_; }

 private:
  static void purpose_has_rules_out_of_range();  // named so that the compiler's message says what is wrong
  std::string_view name_;
  Rules rules_;
};

struct Issued {
  ChallengeId id;
  std::optional<Secret> code;  // digits
  std::optional<Secret> link;  // 43 characters that stand in a URL as they are
  Time expires_at;
};

/// What a link was issued for.
struct Redeemed {
  ChallengeId id;
  std::string subject;
};

/// Issues and redeems. Each is one statement that is atomic by itself. Thread-safe.
class Challenges {
 public:
  /// `key` hashes codes and nothing else.
  Challenges(Secret key, Random& random) : key_(std::move(key)), random_(random) {}

  /// For purposes that hand out links alone: a link needs no key.
  [[nodiscard]] static Challenges of_links(Random& random) { return {Secret{}, random}; }

  /// `subject` is whom or what the secret proves, as text without NUL. `lifetime` ends it sooner than the rules say.
  [[nodiscard]] Issued issue(db::Tx& tx, const Purpose& purpose, std::string_view subject, Time now,
                             std::optional<Duration> lifetime = {}) const;

  /// Uses a code up. Spaces and hyphens in it do not count. Errors: challenge.wrong_code, challenge.not_valid.
  ///
  /// Runs by itself and always commits: in a transaction that the refusal rolls back, a guess would cost nothing. It is
  /// paid for and judged in one statement, or of many guesses at once more than the allowed would be judged.
  [[nodiscard]] Result<Done> redeem_code(db::Database& database, const Purpose& purpose, const ChallengeId& id,
                                         std::string_view subject, const Secret& code, Time now) const;

  /// The challenge of this purpose and subject whose code can be tried, for purposes of which one is live.
  [[nodiscard]] static std::optional<ChallengeId> live_one(db::Tx& tx, const Purpose& purpose, std::string_view subject,
                                                           Time now);

  /// What a link was issued for, while it works; it goes on working.
  [[nodiscard]] static std::optional<std::string> subject_of_link(db::Tx& tx, const Purpose& purpose,
                                                                  std::string_view token, Time now);

  /// Uses a link up, and with it the code. Errors: challenge.not_valid.
  [[nodiscard]] Result<Redeemed> redeem_link(db::Tx& tx, const Purpose& purpose, std::string_view token,
                                             Time now) const;

 private:
  Secret key_;
  Random& random_;
};

/// Makes worthless what was issued after `id`, of the same purpose, for subjects that begin with `beginning`.
void void_later(db::Tx& tx, const Purpose& purpose, std::string_view beginning, const ChallengeId& id);

/// Makes every code and link worthless.
void void_all(db::Tx& tx);

/// Removes what is used or expired. What would expire later than its lifetime from now was issued by a clock that was
/// ahead, and is given that lifetime.
[[nodiscard]] jobs::Periodic sweep_job(db::Database& database);

}  // namespace cardea::challenge
