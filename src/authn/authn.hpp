#pragma once
// authn: authentication. Checks passwords, takes sign-ins from step to step, opens and replaces sessions. Sign-up,
// sign-in, the account pages and every other surface share it, so that there is one implementation.
//
// Owns: pending_signin. Never: routes, which the journeys have; requests, which credentials.hpp alone reads.

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "account/account.hpp"
#include "authn/device_binding.hpp"
#include "authn/next_step.hpp"
#include "authn/policy.hpp"
#include "authn/proof.hpp"
#include "authn/sign_up_guard.hpp"
#include "geo/geo.hpp"
#include "http/cookie.hpp"
#include "http/translation.hpp"
#include "known_browser/known_browser.hpp"
#include "observe/metrics.hpp"
#include "password/password.hpp"
#include "session/cache.hpp"
#include "session/touches.hpp"
#include "token/token.hpp"

namespace cardea::authn {

/// The same words whether the account, the password or the account's status is wrong.
inline constexpr ErrorKind invalid_credentials{"invalid_credentials", 401,
                                               "That user id and password don't match. Check both and try again."};
inline constexpr ErrorKind invalid_code{"invalid_code", 401, "That code is not right. Check it and try again."};
/// One that was right once. That it is told apart tells a guesser nothing that opens anything.
inline constexpr ErrorKind late_code{"late_code", 401, "That code was used or is too old. Wait for the next one."};
inline constexpr ErrorKind signin_expired{"signin_expired", 401, "This sign-in has ended. Start again."};
inline constexpr ErrorKind mfa_required{"mfa_required", 403,
                                        "This account needs a second step, which is not possible here."};
/// Where there is no way to do so.
inline constexpr ErrorKind verify_required{"verify_required", 403,
                                           "The e-mail address of this account is not confirmed yet."};
inline constexpr ErrorKind restore_required{
    "restore_required", 403, "This account waits to be erased, and can be kept by signing in where that is possible."};
inline constexpr ErrorKind signup_closed{"signup_closed", 403,
                                         "Nobody can sign up here. Ask your administrator for an account."};
inline constexpr ErrorKind invitation_required{"invitation_required", 403,
                                               "Signing up here takes an invitation. Ask your administrator for one."};
/// Used, expired or never made: which of these is nobody's business.
inline constexpr ErrorKind invitation_not_valid{"invitation_not_valid", 410,
                                                "This invitation no longer works. Ask for a new one."};
inline constexpr ErrorKind method_off{"signin_method_off", 403, "Signing in by this way is turned off here."};
inline constexpr ErrorKind no_other_way_in{
    "no_other_way_in", 409, "Without the password nobody could sign in to this account. Add a passkey first."};
inline constexpr ErrorKind mfa_enrolment_required{"mfa_enrolment_required", 403,
                                                  "A second factor is required here, and this account has none."};

inline constexpr audit::Kind signup_completed{"signup.completed", "An account was made."};
inline constexpr audit::Kind invitation_issued{
    "signup.invited", "A link was made by which somebody can sign up; the subject is the role."};
inline constexpr audit::Kind signin_succeeded{"signin.succeeded", "A session was opened; the reason says how."};
/// The same event, in a browser that the account did not know.
inline constexpr audit::Kind signin_in_new_browser{signin_succeeded.name, signin_succeeded.doc, audit::Repeats::kept,
                                                   audit::Concern::new_browser};
inline constexpr audit::Kind signin_failed{"signin.failed", "A password or code was wrong, or no longer held.",
                                           audit::Repeats::counted};
inline constexpr audit::Kind signin_throttled{"signin.throttled", "A wait began after too many tries.",
                                              audit::Repeats::counted};
inline constexpr audit::Kind signin_continued{"signin.continued", "A step was passed and another is asked for."};
inline constexpr audit::Kind signin_unusual{
    "signin.unusual",
    "A right password came from a browser and a network that are both new to the account; the reason names what was "
    "asked for besides, \"nothing\" where there was nothing to ask for.",
    audit::Repeats::counted};
inline constexpr audit::Kind reauthenticated{"signin.reauthenticated", "Somebody signed in showed a password again."};
inline constexpr audit::Kind signout_completed{"signout.completed", "A session was ended by its own client."};
inline constexpr audit::Kind password_changed{"user.password.changed", "A password was changed.", audit::Repeats::kept,
                                              audit::Concern::credential};
inline constexpr audit::Kind password_removed{"user.password.removed", "A password was taken away by its owner.",
                                              audit::Repeats::kept, audit::Concern::credential};
inline constexpr audit::Kind password_breached{"user.password.breached",
                                               "A right password has appeared in a data leak."};
[[nodiscard]] std::vector<audit::Kind> events();

/// What guesses at the codes of a second factor pay, by who knows the password already; authn/code_budget.hpp says why
/// so little. `known_browser` is for browsers that the account knows, `unguessable` for responses too long to guess.
struct CodeBudgets {
  throttle::Budget account{.free = 6,
                           .regain = std::chrono::hours{24 * 60},
                           .delay = std::chrono::hours{48},
                           .max_delay = std::chrono::hours{24 * 60}};
  throttle::Budget known_browser{.free = 12,
                                 .regain = std::chrono::hours{24 * 20},
                                 .delay = std::chrono::hours{48},
                                 .max_delay = std::chrono::hours{24 * 20}};
  throttle::Budget unguessable{.free = 5,
                               .regain = std::chrono::minutes{3},
                               .delay = std::chrono::seconds{1},
                               .max_delay = std::chrono::minutes{15}};
};

/// Attempt budgets, all in the database. From browsers that are new to the account wrong passwords are counted by
/// `account` (one name from one network), `address` (one network), `account_whole` (one name) and `whole` (all). The
/// last two are shared with strangers: once they are spent, an attempt waits its `turn` and is then made all the same.
/// `known_browser` counts those from a known browser instead, so that strangers cannot lock its owner out. `right` and
/// `right_address` count right passwords, of one name and of one network, so that nobody keeps the hashing threads busy
/// with accounts of their own.
struct Budgets {
  throttle::Budget account{.free = 5,
                           .regain = std::chrono::minutes{3},
                           .delay = std::chrono::seconds{1},
                           .max_delay = std::chrono::minutes{15}};
  throttle::Budget known_browser{.free = 10,
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
  throttle::Budget account_whole{.free = 50,
                                 .regain = std::chrono::minutes{1},
                                 .delay = std::chrono::seconds{1},
                                 .max_delay = std::chrono::minutes{1}};
  throttle::Budget right_address{.free = 300,
                                 .regain = std::chrono::milliseconds{500},
                                 .delay = std::chrono::seconds{1},
                                 .max_delay = std::chrono::minutes{1}};
  Duration turn = std::chrono::seconds{20};
  throttle::Budget right{.free = 100,
                         .regain = std::chrono::seconds{5},
                         .delay = std::chrono::seconds{1},
                         .max_delay = std::chrono::minutes{1}};
  CodeBudgets codes = {};
};
void describe_budgets(config::Section& throttle, Budgets& budgets);

/// SameSite as it is set.
enum class SameSiteChoice { automatic, lax, strict, none };
constexpr auto enum_texts(SameSiteChoice) {
  return std::to_array<EnumText<SameSiteChoice>>({{SameSiteChoice::automatic, "auto"},
                                                  {SameSiteChoice::lax, "lax"},
                                                  {SameSiteChoice::strict, "strict"},
                                                  {SameSiteChoice::none, "none"}});
}
struct CookieSettings {
  SameSiteChoice same_site = SameSiteChoice::automatic;
};
void describe_cookie(config::Section& cookie, CookieSettings& settings);
/// SameSite as it goes out. Automatic is Lax, and None as soon as one of the front ends may be on another site than
/// this server at `url`.
[[nodiscard]] http::SameSite same_site(const CookieSettings& settings, std::string_view url,
                                       const std::vector<std::string>& cors_origins);

/// Everything authn works with; outlives every call.
struct Deps {
  const account::Deps& account;
  db::Database& database;
  Random& random;
  session::Cache& cache;
  session::Touches& touches;
  const password::Hasher& hasher;
  const token::Tokens& tokens;
  const audit::Trail& trail;
  observe::Metrics& metrics;
  const identity::Settings& identity;
  const password::Settings& password;
  const session::Settings& session;
  const token::Settings& token;
  const Budgets& budgets;
  http::SameSite same_site = http::SameSite::lax;  // of every cookie that holds credentials
  Policy policy = {};
  std::vector<Factor> factors = {};  // of all features
  std::vector<FirstStep> first_steps = {};  // the same
  std::vector<CredentialSource> credentials = {};  // that some surface takes, each once
  http::LanguageOf language_of = {};
  const breached::Passwords* leaked = nullptr;  // null: nobody looks
  const geo::Countries* countries = nullptr;  // null: nobody knows in which country an address is
  std::optional<DeviceBinding> device_binding = {};  // absent: no session is bound, and none counts as bound
  std::optional<SignUpGuard> sign_up_guard = {};  // absent: nothing is asked of who signs up
};

/// Where a request comes from.
[[nodiscard]] known_browser::Place place_of(const Deps& deps, const Context& context);

/// What the client brings besides the credentials that its route asks for.
struct Browser {
  std::optional<crypto::Digest> known = {};  // the key of its known-browser cookie
  std::optional<session::Key> session = {};  // which a sign-in replaces
  std::string_view language = {};  // a tag: what its pages are in
};

/// Whose password it should be: what somebody typed, or the account of a session.
struct LoginName {
  std::string_view text = {};
  std::optional<AccountId> account = {};
};

/// A password that was right.
struct PasswordProof {
  Proof proof;
  identity::Account account;
  bool browser_is_known = false;
  bool has_leaked = false;  // it has appeared in a data leak
  bool browser_is_trusted = false;
  bool is_unusual = false;  // neither the browser nor the network was seen with the account before, or another country
};
/// Checks a password within the attempt budgets; the one place that does. Heavy lane: computes one hash whether or not
/// the account exists. Records signin.failed. A right one that has appeared in a data leak is noted when the proof is
/// used, and keeps nobody out. Errors: rate_limited, invalid_credentials.
Result<PasswordProof> check_password(const Deps& deps, const Context& context, const Browser& browser,
                                     const LoginName& name, const Secret& password);
/// Uses a proof: the account must still be active and the proof hold. Errors: invalid_credentials.
Result<Done> use_proof(db::Tx& tx, const Proof& proof);
/// Records signin.failed for a proof that no longer held.
void record_stale(const Deps& deps, const Context& context, const Proof& proof);

/// Uses a proof and does `work` in one transaction, for the principal if there is one. Errors: invalid_credentials,
/// unauthenticated, those of `work`.
template <class Work>
auto with_proof(const Deps& deps, const Context& context, const Proof& proof, Work&& work) {
  using Answer = std::invoke_result_t<Work&, db::Tx&>;
  auto answer = session::write_for(deps.database, context, [&](db::Tx& tx) -> Answer {
    TRY(use_proof(tx, proof));
    auto done = work(tx);
    if (done.ok()) proof.settle(tx);
    return done;
  });
  if (!answer.ok() && answer.error().is(invalid_credentials)) record_stale(deps, context, proof);
  return answer;
}

/// A sign-in that is complete.
struct SignedIn {
  identity::Account account;
  session::Opened session;
  std::optional<Secret> known_browser = {};  // the cookie of a browser that was not known before
  bool password_has_leaked = false;  // the password of this step
  std::optional<std::int64_t> codes_left = {};  // of those that work once, when one was shown
  std::string_view page_after = {};  // which pages lead over, by the factor that was shown
};
/// A sign-in that needs another step.
struct Pending {
  enum class Needs {
    second_factor,
    enrolment,
    verification,  // of the account's address, by whoever confirms addresses; then resume_sign_in goes on
    restoration,  // of the account, which waits to be erased: keep_account goes on
    nothing,  // any more: resume_sign_in ends it
  };
  Secret token;  // for the cookie of the sign-in
  std::vector<AuthMethod> methods;  // that can be shown, or enrolled
  Time expires_at;
  Needs needs = Needs::second_factor;
  std::optional<std::string> address = {};  // to be confirmed; absent: the account has none
  bool password_has_leaked = false;  // the password of this step
  bool is_unusual = false;  // the methods stand in for a second factor that the account has not
  std::optional<Time> erase_at = {};  // with `restoration`
};
using SignIn = std::variant<SignedIn, Pending>;

/// Whether the browser is trusted from now on, for as long as the settings say.
enum class Trust { unchanged, asked };

/// Opens a session, ends the one the client came with, and remembers the browser. A session never outlives a new proof,
/// so that a cookie or token copied before it is worthless afterwards.
struct SessionPlan {
  identity::Account account;
  Assurance assurance;
  bool browser_is_known = false;
  std::optional<Duration> lifetime = {};
  Trust trust = Trust::unchanged;
  bool keeps_binding = false;  // to the device, when the principal's session has one
  std::optional<audit::Event> event = {};  // to be recorded of this account and the new session
};
SignedIn open_session(db::Tx& tx, const Deps& deps, const Context& context, const Browser& browser, SessionPlan plan);

/// The first step: a password. `lifetime` ends the session sooner than the settings say.
/// Errors: signin_method_off, those of check_password; mfa_enrolment_required where a second factor is and none can be
/// enrolled.
Result<SignIn> sign_in(const Deps& deps, const Context& context, const Browser& browser, std::string_view name,
                       const Secret& password, std::optional<Duration> lifetime = {});
/// Whether a sign-in may begin by this method. Errors: signin_method_off.
Result<Done> may_begin(const Deps& deps, AuthMethod method);
/// The first step by another way than a password: `judge` checks what the client brought once the attempt is charged to
/// its network, outside transactions, and records why it refuses. Errors: signin_method_off, rate_limited,
/// invalid_credentials, mfa_enrolment_required, those of `judge` and of its proof.
Result<SignIn> sign_in_by(const Deps& deps, const Context& context, const Browser& browser, AuthMethod method,
                          const std::function<Result<Proof>()>& judge);
/// Whether anything is left by which the account's owner can begin a sign-in: to be asked in the transaction that takes
/// one away.
[[nodiscard]] bool has_way_in(db::Tx& tx, const Deps& deps, const AccountId& account);
/// A further step of the sign-in whose token the client has. Heavy lane. Errors: signin_expired, not_found (no such
/// method here), invalid_code, late_code, rate_limited, invalid_credentials, mfa_enrolment_required.
Result<SignIn> continue_sign_in(const Deps& deps, const Context& context, const Browser& browser,
                                std::string_view token, AuthMethod method, const Secret& response,
                                Trust trust = Trust::unchanged);
/// What a pending sign-in needs now, without its token: decided anew each time it is asked. Errors: signin_expired.
Result<Pending> find_sign_in(const Deps& deps, const Context& context, std::string_view token);
/// Whose sign-in is pending, when `method` may be its next step. Errors: signin_expired, not_found.
Result<AccountId> account_of_pending(const Deps& deps, const Context& context, std::string_view token,
                                     AuthMethod method);
/// Whose sign-in waits for an address to be confirmed. Errors: signin_expired, also when it needs something else.
Result<AccountId> account_to_verify(const Deps& deps, const Context& context, std::string_view token);
/// Goes on with a sign-in for which something was done besides showing a factor. Errors: signin_expired,
/// invalid_credentials, mfa_enrolment_required.
Result<SignIn> resume_sign_in(const Deps& deps, const Context& context, const Browser& browser, std::string_view token);
/// Keeps the account of a sign-in that waits for that, and goes on with it. Errors: signin_expired, also when it needs
/// something else, or the account is erased; invalid_credentials, mfa_enrolment_required.
Result<SignIn> keep_account(const Deps& deps, const Context& context, const Browser& browser, std::string_view token);

/// What somebody submits to get an account.
struct Registration {
  identity::Submitted who;
  Secret password;
  std::optional<Secret> confirmation = {};  // must be equal when it is there
  std::string invitation = {};  // the token of a link (authn/invitation.hpp); empty: without one
  std::string_view proof = {};  // for the guard of sign-ups; empty: none
};
/// Asks the guard, checks everything, charges the attempt, creates the account with its password, records
/// signup.completed. Heavy lane.
/// Errors: signup_closed, invitation_required, invitation_not_valid, signup_proof_required, signup_proof_not_valid,
/// validation_failed (all problems at once), rate_limited.
Result<identity::Account> register_account(const Deps& deps, const Context& context, const Registration& registration);
/// The same, and signs in. Errors: besides those, mfa_enrolment_required, before anything is created.
Result<SignIn> sign_up(const Deps& deps, const Context& context, const Browser& browser,
                       const Registration& registration);

/// What is wrong with a new password and its confirmation; `who` must not be it. On every road by which one is set.
[[nodiscard]] std::vector<FieldError> problems_with_password(const Deps& deps, const Secret& password,
                                                             const std::optional<Secret>& confirmation,
                                                             const password::Owner& who);

/// Checks the principal's own password again: a new session replaces theirs, with this proof added to what was shown in
/// it (ASVS 7.2.4). Heavy lane. Errors: rate_limited, invalid_credentials, unauthenticated.
Result<SignedIn> reauthenticate(const Deps& deps, const Context& context, const Browser& browser,
                                const Secret& password);

/// What somebody who is signed in shows again: a password, or a code of a second factor, or both.
struct ShownAgain {
  const Secret* password = nullptr;
  std::optional<AuthMethod> method = {};
  const Secret* response = nullptr;
};
/// Checks all of it, and then does the same with every proof. Heavy lane. Errors: rate_limited, invalid_credentials,
/// invalid_code, late_code, not_found (a method that the account has not), unauthenticated.
Result<SignedIn> reauthenticate(const Deps& deps, const Context& context, const Browser& browser,
                                const ShownAgain& shown);

/// What a password change needs.
struct PasswordChange {
  std::optional<Secret> current;  // absent: the account has none, and this is its first
  Secret password;
  std::optional<Secret> confirmation = {};
};
/// Checks the current password, stores the new one, ends every session and forgets every browser, and opens a new
/// session: a copied cookie or token ends with the old password. For a first password, what the account has was shown
/// not long ago. Heavy lane.
/// Errors: validation_failed, rate_limited, reauth_required, unauthenticated.
Result<SignedIn> change_password(const Deps& deps, const Context& context, const Browser& browser,
                                 const PasswordChange& change);
/// Takes the password of an account away that is signed in to by something better. Every other session ends, and no
/// browser is trusted any longer. Errors: not_found, reauth_required, no_other_way_in, unauthenticated.
Result<Done> remove_password(const Deps& deps, const Context& context);

/// Ends the session of the principal and those of `sessions`: every one that the request shows a key of.
void sign_out(const Deps& deps, const Context& context, const std::vector<session::Key>& sessions);

}  // namespace cardea::authn
