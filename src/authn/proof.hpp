#pragma once
// Proofs and factors: what somebody has shown, and the ways of showing it. Factors do not know each other; `next_step`
// alone decides what a sign-in still needs.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "crypto/hash.hpp"
#include "db/database.hpp"
#include "principal/context.hpp"

namespace cardea::authn {

/// Something an account's owner has shown, as it is kept between the steps of a sign-in.
struct Evidence {
  AuthMethod method;
  Time at;
  std::string detail = {};  // what must still be so when it is used: a password's revision. [A-Za-z0-9_-]*
};
/// "password 1795435200000000 3;totp 1795435260000000 ": the stored form.
[[nodiscard]] std::string to_text(const std::vector<Evidence>& evidence);
/// Throws std::runtime_error for a text that `to_text` could not have written.
[[nodiscard]] std::vector<Evidence> parse_evidence(std::string_view text);
[[nodiscard]] Assurance assurance_of(const std::vector<Evidence>& evidence);

/// A proof that was right when it was checked, and what must be done when it is used.
struct Proof {
  AccountId account;
  Evidence evidence;
  /// Whether it still holds; asked in the transaction that uses it, which holds its account (identity::hold).
  std::function<bool(db::Tx&)> still_holds;
  /// Done once, in the same transaction: a code that works once is used up, a better hash is stored.
  /// Errors: invalid_code when it was used meanwhile.
  std::function<Result<Done>(db::Tx&)> use = [](db::Tx&) { return done; };
  /// Done last in it: attempts are given back. Last, and put off (db::Tx::later), so that the rows which many sign-ins
  /// share are locked only while the commit is carried out, and during nobody's round trips.
  std::function<void(db::Tx&)> settle = [](db::Tx&) {};
};

/// What somebody is told about a factor of theirs.
struct FactorState {
  bool is_enrolled = false;
  std::optional<Time> since = {};
  std::optional<std::int64_t> left = {};  // of what works once: how many
};

/// A second factor, brought by the feature that has its secrets. Whoever enrols or removes one holds the account
/// (identity::hold), so that a sign-in comes before or after.
struct Factor {
  AuthMethod method;
  /// That an account has it. All factors are asked in one statement (authn/factors.hpp).
  std::function<db::Condition(const AccountId&)> is_enrolled;
  /// Checks a response; the attempt is charged already. Runs outside transactions. Errors: invalid_code, late_code.
  std::function<Result<Proof>(const Context&, const AccountId&, const Secret& response)> check;
  /// Whether evidence of an earlier step still holds.
  std::function<bool(db::Tx&, const AccountId&, const Evidence&)> still_holds;

  enum class Kind {
    primary,
    weak,  // counts only where no primary one is enrolled, and is asked for nowhere else
    backup,  // there in case a primary one is lost: by itself it is none, and goes with the last of them
  };
  Kind kind = Kind::primary;
  enum class Response {  // to who has to guess it
    guessable,  // a few digits: pays from the budget that counts a year (authn/code_budget.hpp)
    unguessable,  // 60 random bits and more, or a signature
  };
  Response response = Response::guessable;
  std::function<FactorState(db::Tx&, const AccountId&)> state = {};
  std::function<void(db::Tx&, const AccountId&)> remove = {};  // empty: it cannot be, or not all at once
  /// Told in the transaction in which a sign-in comes to ask for this factor first: what it sends is on its way then.
  /// `signin` is the hash of the sign-in's key.
  std::function<void(db::Tx&, const Context&, const AccountId&, const crypto::Digest& signin)> on_asked = {};
  std::string_view page = {};  // where its owner sees and changes it
  std::string_view enrol_page = {};  // where a sign-in that must have one enrols it; POST <enrol_page>/start begins
  std::string_view page_after = {};  // which a sign-in by it leads over; takes ?next=
  /// Whether it can be asked for of somebody who has not enrolled it, where a sign-in is unusual; empty: never.
  std::function<bool(db::Tx&, const AccountId&, Time now)> stands_in = {};
  /// In place of `check`, where a response answers a challenge that was given to this sign-in alone; `signin` is the
  /// hash of its key.
  std::function<Result<Proof>(const Context&, const AccountId&, const crypto::Digest& signin, const Secret& response)>
      check_challenged = {};
};

/// A way in besides the password, brought by the feature that has its secrets: it may be the first step of a sign-in.
struct FirstStep {
  AuthMethod method;
  std::function<db::Condition(const AccountId&)> is_enrolled;  // that an account has it
  /// Whether evidence of it still holds at a later step.
  std::function<bool(db::Tx&, const AccountId&, const Evidence&)> still_holds;
  /// Checks it when somebody shows it again who is signed in; the attempt is charged already, as something that nobody
  /// guesses. Runs outside transactions. Empty: it is not shown again. Errors: invalid_code.
  std::function<Result<Proof>(const Context&, const AccountId&, const Secret& response)> check_again = {};
};

}  // namespace cardea::authn
