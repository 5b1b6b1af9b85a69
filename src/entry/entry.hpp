#pragma once
// entry: proving who one is, being let in, and being recognised on the next request. What sign-up, sign-in, account
// and the classic contract share, so that there is one road in.
//
// Owns: no table. Never: an address of its own; the journeys have the routes.

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "audit/audit.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "config/section.hpp"
#include "db/database.hpp"
#include "device/device.hpp"
#include "http/cookie.hpp"
#include "http/problem.hpp"
#include "http/route.hpp"
#include "identity/identity.hpp"
#include "observe/metrics.hpp"
#include "password/password.hpp"
#include "session/cache.hpp"
#include "throttle/throttle.hpp"
#include "token/token.hpp"

namespace cardea::entry {

/// The same words whether the account, the password or the account's status is wrong.
inline constexpr ErrorKind invalid_credentials{"invalid_credentials", 401,
                                               "That user id and password don't match. Check both and try again."};

inline constexpr std::string_view session_cookie = "__Host-cardea";
inline constexpr std::string_view classic_cookie = "jwt";
inline constexpr std::chrono::seconds classic_lifetime{3600};

/// Attempt budgets, all in the database. `account`, `address` and `whole` count wrong passwords from browsers the account
/// does not know; `device` counts those from a known one instead, so that strangers cannot lock its owner out. `right` counts the
/// right passwords of one name, so that nobody keeps the hashing threads busy with an account of their own.
struct Budgets {
  throttle::Budget account{.free = 5,
                           .regain = std::chrono::minutes{3},
                           .delay = std::chrono::seconds{1},
                           .max_delay = std::chrono::minutes{15}};
  throttle::Budget device{.free = 10,
                          .regain = std::chrono::minutes{3},
                          .delay = std::chrono::seconds{1},
                          .max_delay = std::chrono::minutes{15}};
  throttle::Budget address{.free = 100,
                           .regain = std::chrono::seconds{30},
                           .delay = std::chrono::seconds{1},
                           .max_delay = std::chrono::minutes{15}};
  throttle::Budget whole{.free = 2000,
                         .regain = std::chrono::milliseconds{50},
                         .delay = std::chrono::milliseconds{100},
                         .max_delay = std::chrono::seconds{10}};
  throttle::Budget right{.free = 100,
                         .regain = std::chrono::seconds{5},
                         .delay = std::chrono::seconds{1},
                         .max_delay = std::chrono::minutes{1}};
  throttle::Budget signup_address{.free = 60,
                                  .regain = std::chrono::minutes{1},
                                  .delay = std::chrono::seconds{1},
                                  .max_delay = std::chrono::minutes{15}};
  throttle::Budget signup_whole{.free = 2000,
                                .regain = std::chrono::milliseconds{50},
                                .delay = std::chrono::milliseconds{100},
                                .max_delay = std::chrono::seconds{10}};
  throttle::Budget email_change{.free = 10,
                                .regain = std::chrono::minutes{10},
                                .delay = std::chrono::minutes{1},
                                .max_delay = std::chrono::hours{1}};
  throttle::Budget profile_change{.free = 100,
                                  .regain = std::chrono::seconds{10},
                                  .delay = std::chrono::seconds{1},
                                  .max_delay = std::chrono::minutes{1}};
};
/// The sign-up budgets count sign-ups, whether or not they succeed, and new addresses, which tell as much; the last two
/// count what one account changes about itself, because each change is an event that is kept.
void describe_budgets(config::Section& throttle, Budgets& budgets);

struct CookieSettings {
  std::string same_site = "lax";  // lax, strict, none
  [[nodiscard]] http::SameSite policy() const;
};
void describe_cookie(config::Section& cookie, CookieSettings& settings);

/// Who may see the list of users: everybody, people who are signed in, or nobody. Rules the API, the classic list and the
/// page alike.
struct DirectorySettings {
  std::string visible = "signed-in";  // public, signed-in, off
  [[nodiscard]] bool is_off() const { return visible == "off"; }
  [[nodiscard]] http::Access access() const {
    return visible == "public" ? http::Access::optional : http::Access::signed_in;
  }
};
void describe_directory(config::Section& directory, DirectorySettings& settings);

/// Everything entry works with; outlives every call.
struct Deps {
  db::Database& database;
  Random& random;
  session::Cache& cache;
  const password::Hasher& hasher;
  const token::Tokens& tokens;
  const audit::Trail& trail;
  observe::Metrics& metrics;
  const identity::Settings& identity;
  const password::Settings& password;
  const session::Settings& session;
  const token::Settings& token;
  const Budgets& budgets;
  const CookieSettings& cookie;
};

/// Whose password is claimed: what somebody typed, or the account of a session.
struct Claimant {
  std::string_view identifier = {};
  std::optional<AccountId> account = {};
};

/// A password that was right, and what must still hold when it is used.
struct Proof {
  identity::Account account;
  password::Stored stored;
  std::optional<std::string> better_hash;  // the same password at the present cost
  std::vector<throttle::Charge> claims;
  bool device_is_known = false;
};

/// Checks a password within the attempt budgets; the one place that does. Heavy lane: computes one hash whether or not
/// the account exists. Records signin.failed. Errors: rate_limited, invalid_credentials.
Result<Proof> prove(const Deps& deps, const http::Call& call, const Claimant& claimant, const Secret& password);

/// Uses a proof: the account must still be active with the same password, or it is worth nothing. Gives the attempts
/// back and stores a better hash. Errors: invalid_credentials.
Result<Done> accept(db::Tx& tx, const Deps& deps, const Proof& proof, Time now);
/// Records signin.failed for a proof that no longer held.
void record_stale(const Deps& deps, const http::Call& call, const Proof& proof);

/// Uses a proof and does `work` in one transaction. Errors: invalid_credentials, those of `work`.
template <class Work>
auto with_proof(const Deps& deps, const http::Call& call, const Proof& proof, Work&& work) {
  using Answer = std::invoke_result_t<Work&, db::Tx&>;
  auto answer = deps.database.write([&](db::Tx& tx) -> Answer {
    TRY(accept(tx, deps, proof, call.now));
    return work(tx);
  });
  if (!answer.ok() && answer.error().is(invalid_credentials)) record_stale(deps, call, proof);
  return answer;
}

/// What is paid for trying whether a name or an address is free, by the address that asks.
[[nodiscard]] std::vector<throttle::Charge> asking_claims(const Deps& deps, const http::Call& call);
/// Takes a change of a profile from the caller's budget. Errors: rate_limited.
Result<Done> pay_for_change(db::Tx& tx, const Deps& deps, const http::Call& call);

/// What somebody submits to get an account.
struct Enrolment {
  identity::Submitted who;
  Secret password;
  std::optional<Secret> confirmation = {};  // must be equal when it is there
};

/// Checks everything, pays for the attempt, makes the account with its password, records signup.completed. `then` runs
/// in the same transaction. Heavy lane. Errors: validation_failed (all problems at once), rate_limited.
using Then = std::function<void(db::Tx&, const identity::Account&)>;
Result<identity::Account> enrol(const Deps& deps, const http::Call& call, const Enrolment& enrolment,
                                const Then& then = {});

/// What is wrong with a new password and its confirmation; `who` must not be it.
[[nodiscard]] std::vector<FieldError> check_password(const password::Settings& settings, const Secret& password,
                                                     const std::optional<Secret>& confirmation,
                                                     const password::Owner& who);

/// Somebody who is in.
struct Admitted {
  identity::Account account;
  session::Opened session;
  std::optional<Secret> device;  // the cookie of a newly known device
};

/// Opens a session, ends the one the request came with, and remembers the device. A session never outlives a new proof:
/// whoever copied its cookie or token before does not come along.
Admitted admit(db::Tx& tx, const Deps& deps, const http::Call& call, identity::Account account, bool device_is_known,
               std::optional<Duration> lifetime = {});

/// prove + accept + admit in two transactions, with signin.succeeded. Errors: those of prove.
Result<Admitted> sign_in(const Deps& deps, const http::Call& call, std::string_view identifier, const Secret& password,
                         std::optional<Duration> lifetime = {});

/// Shows the caller's own password again: a new session takes the place of theirs and may do what needs recent
/// authentication (ASVS 7.2.4). Heavy lane. Errors: rate_limited, invalid_credentials.
Result<Admitted> reauthenticate(const Deps& deps, const http::Call& call, const Secret& password);

/// Ends every session that the request shows a credential of: its caller's, and that of the classic cookie.
void sign_out(const Deps& deps, const http::Call& call);

/// Adds the session and device cookies.
void set_cookies(http::Response& response, const Deps& deps, const Admitted& admitted);
void set_device_cookie(http::Response& response, const Deps& deps, const Secret& device);
/// Removes the session cookie and the classic one.
void clear_cookies(http::Response& response, const Deps& deps);

/// {"state":"complete","user":…,"session":…,"access_token":…,"token_type":"Bearer","expires_in":…} and the cookies.
[[nodiscard]] http::Response welcome(const Deps& deps, const http::Call& call, const Admitted& admitted, int status);
[[nodiscard]] wire::Schema welcome_schema();

/// An access token for a live session, and its answer {"access_token","token_type","expires_in"}.
[[nodiscard]] wire::Object access_token(const Deps& deps, const session::Session& session, Time now);

/// A session as the API shows it.
[[nodiscard]] wire::Object to_wire(const session::Session& session, const SessionId& current);

}  // namespace cardea::entry
