#pragma once
// account: what is done to accounts, by anyone: their owner, an administrator, the command line, a job.
//
// Owns: no table; it is the one way to the rooms that do. Never: knows a password or a request.
// Every function checks the principal's permission itself, so that the rule holds on every surface, and records its
// event.

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "audit/audit.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "config/section.hpp"
#include "db/database.hpp"
#include "identity/identity.hpp"
#include "outbound/mail_domain.hpp"
#include "principal/context.hpp"
#include "session/session.hpp"
#include "throttle/throttle.hpp"

namespace cardea::account {

/// Attempt budgets. Those of sign-up count sign-ups, whether or not they succeed, and changes of the e-mail address,
/// which also reveal whether an address is taken. The last two count what one account changes about itself, which fills
/// the audit trail.
struct Budgets {
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
void describe_budgets(config::Section& throttle, Budgets& budgets);

/// Why an address waits to be confirmed.
enum class Occasion {
  given,  // somebody has just given it as theirs
  sign_in,  // somebody who signs in has to confirm it first
};
/// What happens in the transaction that leaves an account with an address that is not confirmed yet, or asks for that.
using AddressPending = std::function<void(db::Tx&, const identity::Account&, Time now, Occasion)>;

/// What there is between a wish to be deleted and the end, where a feature grants it.
struct Grace {
  Duration span = {};  // zero: there is none, and an account is erased at once
  /// What else ends and who is told, in the transaction that ends its sessions.
  std::function<void(db::Tx&, const Context&, const identity::Account&)> on_asked = {};
};

/// Outlives every call.
struct Deps {
  db::Database& database;
  const audit::Trail& trail;
  const identity::Settings& identity;
  const Budgets& budgets;
  throttle::Refusals& refusals;
  Duration recent;  // how old a proof may be for a change of address or deletion
  std::vector<AddressPending> on_address_pending = {};  // of all features
  const identity::AddressRules* addresses = nullptr;  // that people choose for themselves; null: the operator does
  outbound::MailDomains* mail_domains = nullptr;  // null: nobody asks whether a domain takes mail
  Grace grace = {};
};

inline constexpr ErrorKind not_waiting{"account.not_waiting", 409, "This account does not wait to be erased."};

inline constexpr Permission users_read{
    "users.read", {Role::owner, Role::admin, Role::support, Role::auditor}, "See every field of every account."};
inline constexpr Permission users_update{"users.update", {Role::owner, Role::admin}, "Change profiles of others."};
inline constexpr Permission users_block{"users.block", {Role::owner, Role::admin}, "Block and unblock others."};
inline constexpr Permission users_delete{"users.delete", {Role::owner, Role::admin}, "Delete accounts of others."};
inline constexpr Permission sessions_end{
    "sessions.end", {Role::owner, Role::admin, Role::support}, "End sessions of others."};
inline constexpr Permission roles_assign{"roles.assign", {Role::owner}, "Give and take roles."};
/// Required as well when the account acted on is an owner's: nobody acts on somebody with more permissions.
inline constexpr Permission owners_manage{"owners.manage", {Role::owner}, "Act on accounts of owners."};

inline constexpr audit::Kind updated{"user.updated", "A profile was changed."};
inline constexpr audit::Kind email_changed{"user.email.changed", "An e-mail address was set, changed or removed.",
                                           audit::Repeats::kept, audit::Concern::address};
inline constexpr audit::Kind email_requested{"user.email.requested",
                                             "An e-mail address was given that waits to be confirmed."};
inline constexpr audit::Kind deleted{
    "user.deleted", "An account was erased; the reason is `due` when the time to think again was over."};
inline constexpr audit::Kind deletion_requested{
    "user.deletion.requested", "An account was closed, its sessions ended, and it waits to be erased."};
inline constexpr audit::Kind restored{"user.restored", "An account that waited to be erased is kept."};
inline constexpr audit::Kind blocked{"user.blocked", "An account was blocked and its sessions ended."};
inline constexpr audit::Kind unblocked{"user.unblocked", "A blocked account was unblocked."};
inline constexpr audit::Kind role_granted{"admin.granted", "An account was given a role; the subject names it."};
inline constexpr audit::Kind role_revoked{"admin.revoked", "An account is a user again."};
inline constexpr audit::Kind session_revoked{"session.revoked", "Sessions were ended before their time."};

/// Everything above, for the catalogues.
[[nodiscard]] std::vector<Permission> permissions();
[[nodiscard]] std::vector<audit::Kind> events();

/// The principal's own account. Errors: unauthenticated when it has been deleted.
Result<identity::Account> own(const Deps& deps, const Context& context);
/// An account as this principal may see it; absent when it is not there, or blocked and not to be seen.
std::optional<identity::Account> find(const Deps& deps, const Context& context, const AccountId& id);
/// Which members of it this principal sees.
[[nodiscard]] identity::Viewer viewer_of(const Context& context, const AccountId& id);

/// Pays for finding out whether a user id or an e-mail address is taken, by the client's network, and for `also`. What
/// was taken, to be given back when nothing was found out. Errors: rate_limited.
Result<std::vector<throttle::Charge>> pay_for_asking(const Deps& deps, const Context& context,
                                                     const std::optional<throttle::Charge>& also = {});

/// Tells whoever confirms addresses, when there is one to confirm that was not there `before`.
void announce_pending(db::Tx& tx, const Deps& deps, const identity::Account& account,
                      const std::optional<std::string>& before, Time now);
/// Tells the same of what somebody who signs in has to confirm first.
void announce_sign_in(db::Tx& tx, const Deps& deps, const identity::Account& account, Time now);
/// What is wrong with an address that somebody chooses, by its domain.
[[nodiscard]] std::optional<FieldError> problem_with_address(const Deps& deps, const std::optional<std::string>& email);

/// The same as DNS says; paid for already, because it asks a name server. Blocks for some seconds at most; never in a
/// transaction. Errors: validation_failed (email_no_mail).
Result<Done> check_takes_mail(const Deps& deps, const std::optional<std::string>& email);

/// What the account has to be when it is changed; asked in the transaction that makes the change. Empty: anything.
using Condition = std::function<Result<Done>(const identity::Account&)>;

/// Changes the principal's own profile, name or e-mail address. A different address needs a proof that is recent,
/// and more than an access token. Errors: validation_failed, reauth_required, session_cookie_required, rate_limited,
/// unauthenticated, those of `condition`.
Result<identity::Account> change_own_profile(const Deps& deps, const Context& context,
                                             const identity::Submitted& submitted, const Condition& condition = {});
/// Changes a profile with users.update, fields of administrators included; it may be the principal's own.
/// Errors: forbidden, session_cookie_required (an address, by an access token), validation_failed, not_found,
/// unauthenticated, those of `condition`.
Result<identity::Account> change_profile(const Deps& deps, const Context& context, const AccountId& id,
                                         const identity::Submitted& submitted, const Condition& condition = {});

/// Removes an account and everything that belongs to it: one's own with a recent proof, another with users.delete.
/// Errors: forbidden, reauth_required, not_found, unauthenticated, those of `condition`.
Result<Done> remove(const Deps& deps, const Context& context, const AccountId& id, const Condition& condition = {});
/// The same where there is no grace. Else every session ends at once, and the account is erased when the grace is
/// over; until then its names stay taken, and nobody is in it. One that waits already keeps its time. When it will be
/// erased; absent: it is.
Result<std::optional<Time>> request_removal(const Deps& deps, const Context& context, const AccountId& id,
                                            const Condition& condition = {});
/// Keeps an account that waits to be erased, with users.delete. Errors: forbidden, not_found, not_waiting,
/// unauthenticated.
Result<Done> restore(const Deps& deps, const Context& context, const AccountId& id);
/// The same for its owner, who has shown who they are and is signed in by nothing yet. False: it does not wait.
bool keep(db::Tx& tx, const Deps& deps, const Context& context, const AccountId& id);
/// Erases one whose time has come; false when it is kept, or gone already: of all who try, one does.
bool erase_if_due(const Deps& deps, const Context& context, const AccountId& id);

/// With users.block. Blocking ends every session. Errors: forbidden, not_found, unauthenticated.
Result<Done> block(const Deps& deps, const Context& context, const AccountId& id);
Result<Done> unblock(const Deps& deps, const Context& context, const AccountId& id);

/// With roles.assign. Errors: forbidden, not_found, unauthenticated.
Result<Done> set_role(const Deps& deps, const Context& context, const AccountId& id, Role role);

/// Ends one session of an account: one's own, or with sessions.end. Errors: forbidden, not_found, unauthenticated.
Result<Done> end_session(const Deps& deps, const Context& context, const AccountId& account, const SessionId& id);
/// Ends all sessions of the principal but the one it acts in, and the trust in its browsers; returns how many.
Result<std::int64_t> end_other_sessions(const Deps& deps, const Context& context);
/// Ends all sessions of an account, and the trust in its browsers: one's own, or with sessions.end. Errors: forbidden,
/// unauthenticated.
Result<Done> end_sessions(const Deps& deps, const Context& context, const AccountId& account);

}  // namespace cardea::account
