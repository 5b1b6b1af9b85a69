#include <array>

#include "authn/authn.hpp"
#include "authn/login_store.hpp"
#include "authn/sign_in_meter.hpp"
#include "encoding/base64.hpp"

namespace cardea::authn {
namespace {

// What is learned first; nothing of it is held while the hash is computed.
struct Known {
  std::optional<identity::Account> account;
  std::optional<password::Stored> stored;
  bool browser_is_known = false;
  bool browser_is_trusted = false;
  bool is_unusual = false;
  std::vector<throttle::Charge> charges;       // for a wrong password; given back when it is right
  std::vector<throttle::Charge> right_charges;  // for a right one; given back when it is wrong
  Duration wait{0};   // begins with this attempt, unless it is right
};

// Under which attempts are counted.
std::string key_of(const LoginName& name) {
  return name.account ? name.account->text() : identity::identifier_key(name.text);
}

// Whether somebody who is signed in shows their own password again.
bool is_shown_again(const Context& context, const LoginName& name) {
  return name.account && context.is(*name.account) && context.principal->session;
}

// One name from one network: that of the whole site or subscriber, who may have any number of addresses.
std::string name_here(const Context& context, const LoginName& name) {
  return key_of(name) + " " + ClientNetwork{context.origin.address}.text(0);
}

// By what was typed, whether or not it exists: counted by account, a user id and an address that share a budget would
// reveal that they belong together.
std::vector<throttle::Charge> strangers_charges(const Deps& deps, const Context& context, const LoginName& name) {
  std::vector<throttle::Charge> charges{{deps.budgets.account, "signin.account:" + name_here(context, name)}};
  for (auto& charge :
       throttle::network_charges(deps.budgets.address, "signin.address", ClientNetwork{context.origin.address})) {
    charges.push_back(std::move(charge));
  }
  charges.push_back(
      {.budget = deps.budgets.account_whole, .key = "signin.account_whole:" + key_of(name), .is_shared = true});
  charges.push_back(throttle::whole_charge(deps.budgets.whole, "signin.whole", context.origin.address));
  return charges;
}

std::vector<throttle::Charge> charges_of(const Deps& deps, const Context& context, const Browser& browser,
                                         const LoginName& name, bool browser_is_known) {
  if (is_shown_again(context, name)) return {{deps.budgets.known_browser, "signin.device:" + context.session().text()}};
  std::vector<throttle::Charge> charges{{deps.budgets.known_browser, "signin.device:"}};
  if (browser_is_known) {
    charges.front().key += encoding::hex(*browser.known);
  } else {
    charges = strangers_charges(deps, context, name);
  }
  // Which of the budgets pays tells whether this browser is known to that account; one that may be is told nothing.
  for (auto& charge : charges) charge.is_told = !browser.known;
  return charges;
}

// Taken before it is known whether the password is right.
std::vector<throttle::Charge> right_charges(const Deps& deps, const Context& context, const LoginName& name) {
  const auto key = key_of(name);
  const std::string network = ClientNetwork{context.origin.address}.text(0);
  return {{.budget = deps.budgets.right, .key = "signin.right:" + key, .is_told = false},
          {.budget = deps.budgets.right_address, .key = "signin.right_address:" + network, .is_told = false}};
}

throttle::Turn turn_of(const Deps& deps, const Context& context, const LoginName& name) {
  return {.key = "signin.turn:" + name_here(context, name), .wait = deps.budgets.turn};
}

// Where a hash is waited for: behind strangers nobody who is known to the account has to wait.
Share share_of(const Context& context, const LoginName& name, const Known& known) {
  return {.network = ClientNetwork{context.origin.address},
          .has_reserve = known.browser_is_known || is_shown_again(context, name)};
}

// One statement, the same whether or not there is such an account.
Known look_up(const Deps& deps, const Context& context, const Browser& browser, const LoginName& name) {
  Known known;
  const auto place = place_of(deps, context);
  if (auto login = find_login(deps.database, name, {browser.known, place}, context.now)) {
    known.account = std::move(login->account);
    known.stored = std::move(login->stored);
    known.browser_is_known = login->browser_is_known;
    known.browser_is_trusted = login->browser_is_trusted;
    known.is_unusual = login->is_unusual && deps.policy.unusual == Unusual::ask;
    // What is recorded of it must cost no statement that another name does not.
    if (login->trail_key) deps.trail.keys().learn(*login->trail_key, context.now);
  }
  known.charges = charges_of(deps, context, browser, name, known.browser_is_known);
  known.right_charges = right_charges(deps, context, name);
  return known;
}

// What a browser that brings nothing is refused for is known before anything is looked up.
std::optional<Error> refused_already(const Deps& deps, const Context& context, const Browser& browser,
                                     const LoginName& name) {
  if (is_shown_again(context, name) || browser.known) return std::nullopt;
  return throttle::recall(deps.account.refusals, strangers_charges(deps, context, name), turn_of(deps, context, name),
                          context);
}

// Right or wrong, an attempt is charged before it is checked.
Result<Done> pay(const Deps& deps, const Context& context, const LoginName& name, Known& known) {
  auto charges = known.right_charges;  // first, since they are shared with nobody
  charges.insert(charges.end(), known.charges.begin(), known.charges.end());
  const auto charged = TRY(
      throttle::charge_in_turn(deps.database, deps.account.refusals, charges, turn_of(deps, context, name), context));
  const auto right = static_cast<std::ptrdiff_t>(known.right_charges.size());
  known.charges.assign(charges.begin() + right, charges.end());
  // The waits of the right charges are given back with them, unless the password is right.
  for (std::size_t i = known.right_charges.size(); i < charged.waits.size(); ++i) {
    known.wait = std::max(known.wait, charged.waits[i]);
  }
  return done;
}

// It was not judged.
void pay_back(const Deps& deps, const Context& context, const Known& known) {
  auto charges = known.charges;
  charges.insert(charges.end(), known.right_charges.begin(), known.right_charges.end());
  throttle::settle(deps.database, {.give_back = charges}, context.now);
}

std::string_view reason_of(const Known& known, bool matches) {
  if (!known.account) return "unknown_account";
  if (!known.stored) return "no_password";
  if (!matches) return "wrong_password";
  return "account_disabled";
}

void count(const Deps& deps, const char* result) { sign_in_counter(deps.metrics, result).add(); }

// One event for the wrong password and one for each wait that begins, however many attempts it then refuses.
void record_failure(const Deps& deps, const Context& context, const Known& known, bool matches) {
  const auto account = known.account ? std::optional{known.account->id} : std::nullopt;
  deps.database.write_locking([&](db::Tx& tx) {
    const auto wait = std::to_string(std::chrono::ceil<std::chrono::seconds>(known.wait).count()) + "s";
    const std::array<audit::Event, 2> events{
        {{.kind = signin_failed, .account = account, .reason = reason_of(known, matches)},
         {.kind = signin_throttled, .account = account, .reason = "too_many_tries", .subject = wait}}};
    deps.trail.record(tx, context, std::span{events}.first(known.wait == Duration{0} ? 1 : 2));
    throttle::settle(tx, {.give_back = known.right_charges}, context.now);
  });
  count(deps, "failed");
}

// The attempts of the one name here, or of the browser, are forgotten; those that many share get theirs back.
void settle(db::Tx& tx, std::span<const throttle::Charge> charges, Time now) {
  if (charges.empty()) return;
  throttle::settle(tx, {.give_back = charges.subspan(1), .forget = charges.first(1)}, now);
}

/// Recorded once for a password, however often it is shown.
void record_leak(db::Tx& tx, const Deps& deps, const Context& context, const AccountId& id, std::int64_t revision) {
  password::mark_breached(tx, id, revision, context.now);
  deps.trail.record(tx, context, {.kind = password_breached, .account = id, .actor = id});
}

PasswordProof to_proof(const Deps& deps, const Context& context, Known known, std::optional<std::string> better_hash,
                       bool has_leaked) {
  const AccountId id = known.account->id;
  const Evidence evidence{
      .method = AuthMethod::password, .at = context.now, .detail = std::to_string(known.stored->revision)};
  Proof proof{
      .account = id,
      .evidence = evidence,
      .still_holds = [id, evidence](db::Tx& tx) { return password_holds(tx, id, evidence); },
      .use =
          [id, phc = known.stored->phc, better = std::move(better_hash)](db::Tx& tx) {
            if (better) password::replace_hash(tx, id, phc, *better);
            return done;
          },
      .settle = [charges = std::move(known.charges), now = context.now](db::Tx& tx) { settle(tx, charges, now); }};
  if (has_leaked && !known.stored->breached_at) {
    proof.use = [use = std::move(proof.use), &deps, context, id, revision = known.stored->revision](db::Tx& tx) {
      record_leak(tx, deps, context, id, revision);
      return use(tx);
    };
  }
  return {.proof = std::move(proof),
          .account = *std::move(known.account),
          .browser_is_known = known.browser_is_known,
          .has_leaked = has_leaked,
          .browser_is_trusted = known.browser_is_trusted,
          .is_unusual = known.is_unusual};
}

}  // namespace

Result<PasswordProof> check_password(const Deps& deps, const Context& context, const Browser& browser,
                                     const LoginName& name, const Secret& password) {
  if (auto refused = refused_already(deps, context, browser, name)) {
    count(deps, "throttled");
    return *std::move(refused);
  }
  Known known = look_up(deps, context, browser, name);
  const Share share = share_of(context, name, known);
  if (!deps.hasher.has_room_for(share)) return overload();
  if (auto paid = pay(deps, context, name, known); !paid) {
    count(deps, "throttled");
    return std::move(paid).error();
  }

  const auto verdict = deps.hasher.verify(share, known.stored, password);
  if (!verdict) {
    pay_back(deps, context, known);
    return verdict.error();
  }
  const bool matches = *verdict == password::Match::yes;
  const bool active = known.account && identity::may_sign_in(*known.account);
  if (!matches || !active) {
    record_failure(deps, context, known, matches);
    return invalid_credentials;
  }
  std::optional<std::string> better_hash;
  if (deps.hasher.is_outdated(*known.stored)) {
    if (auto hash = deps.hasher.hash(share, password)) better_hash = *std::move(hash);
  }
  return to_proof(deps, context, std::move(known), std::move(better_hash), password::has_leaked(deps.leaked, password));
}

Result<Done> use_proof(db::Tx& tx, const Proof& proof) {
  // Since the proof was checked the account may have been blocked or its password changed.
  const auto account = identity::hold(tx, proof.account);
  if (!account || account->status != identity::Status::active || !proof.still_holds(tx)) return invalid_credentials;
  return proof.use(tx);
}

void record_stale(const Deps& deps, const Context& context, const Proof& proof) {
  deps.database.write_locking([&](db::Tx& tx) {
    deps.trail.record(tx, context, {.kind = signin_failed, .account = proof.account, .reason = "changed_meanwhile"});
  });
  count(deps, "failed");
}

}  // namespace cardea::authn
