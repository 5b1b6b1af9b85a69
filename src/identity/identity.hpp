#pragma once
// identity: accounts, user ids, e-mail addresses, profile fields, status.
//
// Owns: account, ranking, ranked_field. Never: passwords, sessions, or what a caller may do.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "config/section.hpp"
#include "db/database.hpp"
#include "encoding/value.hpp"
#include "identity/address_rules.hpp"
#include "identity/profile.hpp"
#include "principal/principal.hpp"

namespace cardea::identity {

/// Whether an input is asked for.
enum class Presence { required, optional, off };
constexpr auto enum_texts(Presence) {
  return std::to_array<EnumText<Presence>>(
      {{Presence::required, "required"}, {Presence::optional, "optional"}, {Presence::off, "off"}});
}

/// What becomes of an address that somebody gives as theirs.
enum class Confirmation {
  automatic,  // optional where mail can be sent, off where it cannot
  off,        // it counts at once
  optional,   // it counts when its owner has confirmed it; the account can be used before
  required,   // the same, and until then nobody signs in to the account
};
constexpr auto enum_texts(Confirmation) {
  return std::to_array<EnumText<Confirmation>>({{Confirmation::automatic, "auto"},
                                                {Confirmation::off, "off"},
                                                {Confirmation::optional, "optional"},
                                                {Confirmation::required, "required"}});
}

/// Who may sign up.
enum class SignupMode { open, invite, closed };
constexpr auto enum_texts(SignupMode) {
  return std::to_array<EnumText<SignupMode>>(
      {{SignupMode::open, "open"}, {SignupMode::invite, "invite"}, {SignupMode::closed, "closed"}});
}

/// One setting rules every route and page.
struct Settings {
  Presence name = Presence::required;
  Presence uid = Presence::required;
  Presence email = Presence::optional;
  Confirmation verify = Confirmation::automatic;
  bool can_send_mail = false;  // no setting of its own
  std::vector<Field> fields = default_fields();
  std::vector<std::string> reserved = {};  // user ids that nobody gets by signing up, besides identity/reserved.hpp
  SignupMode signup_mode = SignupMode::open;
  AddressSettings addresses = {};  // which ones people may choose for themselves

  /// Whether an address counts only once it is confirmed.
  [[nodiscard]] bool confirms_addresses() const {
    return requires_confirmation() || (can_send_mail && verify != Confirmation::off);
  }
  /// Whether an account without a confirmed address is signed in by nobody. Whether mail can be sent is no part of it:
  /// without mail nobody gets in, rather than everybody.
  [[nodiscard]] bool requires_confirmation() const { return verify == Confirmation::required; }
};
void describe_signup(config::Section& signup, Settings& settings);
void describe_profile(config::Section& profile, Settings& settings);

/// Stored are the first two: an account whose deletion was asked for is what it was before when it is kept.
enum class Status { active, disabled, pending_deletion };
constexpr auto enum_texts(Status) {
  return std::to_array<EnumText<Status>>(
      {{Status::active, "active"}, {Status::disabled, "disabled"}, {Status::pending_deletion, "pending_deletion"}});
}
[[nodiscard]] constexpr std::string_view to_text(Status status) { return enum_text(status); }

inline constexpr std::size_t longest_name = 100;  // code points
inline constexpr std::size_t longest_uid = 64;

struct Account {
  AccountId id;
  std::optional<std::string> uid;  // as its owner writes it
  std::string name;  // may be empty when names are optional
  std::optional<std::string> email;  // which signs in and is written to
  Status status = Status::active;
  Role role = Role::user;
  Time created_at;
  Time updated_at;
  Profile profile = {};  // only fields that have a value
  std::optional<std::string> pending_email = {};  // given as theirs, and not confirmed yet
  std::optional<Time> email_verified_at = {};  // absent: nobody has shown that mail to `email` reaches its owner
  std::string language = {};  // a tag, of pages that they saw last; empty: not known
  std::optional<Time> erase_at = {};  // its deletion was asked for; also of one that is disabled besides
};

/// Where an account that can be signed in to is written to: the address that its owner has confirmed, if there is one.
[[nodiscard]] std::optional<std::string> confirmed_address(const Account& account);
/// That there is one.
[[nodiscard]] db::Condition has_confirmed_address(const AccountId& account);

/// What a person submits. Absent: not sent. Empty text counts as absent for optional inputs.
struct Submitted {
  std::optional<std::string> name = {};
  std::optional<std::string> uid = {};
  std::optional<std::string> email = {};
  wire::Object profile = {};
  std::vector<FieldError> unread = {};  // members that could not be read; nothing else is reported about those
};

/// Checked and normalised input of a new account.
struct Draft {
  std::string name;
  std::optional<std::string> uid;
  std::optional<std::string> email;
  Profile profile;
  std::optional<std::string> pending_email = {};  // instead of `email` where addresses are confirmed
};

/// Checked and normalised changes.
struct Change {
  std::optional<std::string> name = {};
  std::optional<std::optional<std::string>> email = {};  // inner absence: remove the address
  ProfileChange profile = {};
  std::optional<std::string> pending_email = {};  // a new one, instead of `email` where addresses are confirmed
  [[nodiscard]] bool is_empty() const { return !name && !email && !pending_email && profile.empty(); }
};

/// Checks everything at once; each problem names its field. Codes: name_missing, name_short, name_long, name_invalid,
/// the same for uid_… and email_…, those of read_profile, and those in `unread`.
[[nodiscard]] Draft check_new(const Settings& settings, const Submitted& submitted, Time now,
                              std::vector<FieldError>& problems);
/// The same for changes: absent members are left alone. A uid cannot be changed (uid_fixed).
[[nodiscard]] Change check_change(const Settings& settings, const Submitted& submitted, Editor editor, Time now,
                                  std::vector<FieldError>& problems);

/// What changes or removes an account announces, with its id (db::Bus).
inline constexpr db::Topic changed_topic{"account"};

/// Errors: validation_failed with uid_taken or email_taken. A user id that is confusable with an existing one counts as
/// taken.
Result<Account> create(db::Tx& tx, const Draft& draft, Time now, Random& random);
std::optional<Account> find(db::Tx& tx, const AccountId& id);
/// The account as it is now, which stays so until the transaction ends: another one that changes or holds it comes
/// before or after. Held by each sign-in, and by whatever changes what a sign-in rests on, such as a password.
std::optional<Account> hold(db::Tx& tx, const AccountId& id);
/// The account in the first columns of a row: id, uid, name, email, status, role, created_at, updated_at, profile,
/// email_pending, email_verified_at, language, erase_at. For the one statement that reads it with its password.
inline constexpr std::size_t account_columns = 13;
[[nodiscard]] Account to_account(const db::Row& row);
/// What its owner signs in with: the user id, or else the e-mail address. Empty: neither, as while an address waits.
[[nodiscard]] std::string username(const Account& account);
/// The same, or else the name: what tells an account from another one of the same person.
[[nodiscard]] std::string account_label(const Account& account);
/// What a person is called: by name, or else as `username`.
[[nodiscard]] std::string display_name(const Account& account);
/// By user id or, when it has an "@", by e-mail address; any spelling that normalises to the stored one.
std::optional<Account> find_by_identifier(db::Tx& tx, std::string_view identifier);
/// The form of an identifier under which attempts are counted, whether or not an account has it.
[[nodiscard]] std::string identifier_key(std::string_view identifier);
/// Errors: not_found, validation_failed (email_taken).
Result<Account> update(db::Tx& tx, const AccountId& id, const Change& change, Time now);
/// The pending address, or the one that counts and was not confirmed, counts and is confirmed from now on, if it is
/// still `address`; the sessions of others who gave the same
/// as theirs are their rooms' business (waiting_for). What it replaces is in `replaced`.
/// Errors: not_found (no longer to be confirmed), validation_failed (email_taken: somebody else has confirmed it).
struct Confirmed {
  Account account;
  std::optional<std::string> replaced = {};  // the address before
  bool replaced_was_verified = false;
};
Result<Confirmed> confirm_address(db::Tx& tx, const AccountId& id, std::string_view address, Time now);
/// Puts back an address that was confirmed before, in place of whatever there is. Errors: not_found, validation_failed.
Result<Account> restore_address(db::Tx& tx, const AccountId& id, std::string_view address, Time now);
/// Forgets an address that is not confirmed, if it is still `address`, whether it waits or counts; false when it is
/// not.
bool drop_pending_address(db::Tx& tx, const AccountId& id, std::string_view address, Time now);
/// Accounts besides `except` that gave this address as theirs and have not confirmed it.
[[nodiscard]] std::vector<AccountId> waiting_for(db::Tx& tx, std::string_view address, const AccountId& except);
/// Whether this address counts for an account besides `except` already.
[[nodiscard]] bool is_claimed(db::Tx& tx, std::string_view address, const AccountId& except);
/// Whether its owner must confirm an address before anybody signs in to the account.
[[nodiscard]] bool awaits_confirmation(const Settings& settings, const Account& account);
/// What there is to confirm: the address that waits or, where confirmation is required, the one that counts although
/// nobody confirmed it, as from before that was required. Absent also when an account has none to confirm.
[[nodiscard]] std::optional<std::string> address_to_confirm(const Settings& settings, const Account& account);
/// Whether its owner may show who they are: to get in, or to keep an account whose deletion was asked for.
[[nodiscard]] bool may_sign_in(const Account& account);
void set_language(db::Tx& tx, const AccountId& id, std::string_view language);
Result<Done> set_status(db::Tx& tx, const AccountId& id, Status status, Time now);
/// Another one after each change of status, address or erasure, also where everything is again as it was. 0 for nobody.
[[nodiscard]] std::int64_t standing(db::Tx& tx, const AccountId& id);
Result<Done> set_role(db::Tx& tx, const AccountId& id, Role role, Time now);
/// Removes the account and, through foreign keys, everything that belongs to it.
bool remove(db::Tx& tx, const AccountId& id);
/// From now on the account waits to be erased at that time; its names stay taken. The account as it is then; absent
/// when there is none, or it waits already.
std::optional<Account> set_erasure(db::Tx& tx, const AccountId& id, Time erase_at, Time now);
/// It waits no longer; false when it did not.
bool clear_erasure(db::Tx& tx, const AccountId& id, Time now);
/// Whether one waits for longer than to that time, and that none does.
[[nodiscard]] bool is_put_off_beyond(db::Tx& tx, Time latest);
void erase_by(db::Tx& tx, Time latest);
/// Accounts whose time has come, the longest due first.
[[nodiscard]] std::vector<AccountId> due_for_erasure(db::Tx& tx, Time now, std::int64_t limit);
/// `remove`, if its time has come: false when it is kept, or gone already. One statement decides.
bool erase_if_due(db::Tx& tx, const AccountId& id, Time now);

/// Who is looking at an account (identity/account_view.hpp).
enum class Viewer { everyone, self, admin };

}  // namespace cardea::identity
