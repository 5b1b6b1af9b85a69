#include <array>

#include "authn/authn.hpp"
#include "authn/login_store.hpp"
#include "encoding/base64.hpp"

namespace cardea::authn {
namespace {

// What is learned first; nothing of it is held while the hash is computed.
struct Known {
  std::optional<identity::Account> account;
  std::optional<password::Stored> stored;
  std::vector<throttle::Charge> charges;
  Duration wait{0};   // begins with this attempt, unless it is right
  bool browser_is_known = false;
};

// A sixteenth of the whole budget by address, so that sign-ins do not all queue for one row.
std::string whole_key(std::string_view address) {
  return "signin.whole:" + std::to_string(crypto::sha256(address)[0] & 15U);
}

std::vector<throttle::Charge> charges_of(const Deps& deps, const Context& context, const Browser& browser,
                                         const LoginName& name, const Known& known) {
  if (name.account) return {{deps.budgets.known_browser, "signin.device:" + context.session().text()}};
  if (known.browser_is_known) {
    return {{deps.budgets.known_browser, "signin.device:" + encoding::hex(*browser.known)}};
  }
  // By what was typed, whether or not it exists: counted by account, a user id and an address that share a budget would
  // reveal that they belong together.
  return {{deps.budgets.account, "signin.account:" + identity::identifier_key(name.text)},
          {deps.budgets.address, "signin.address:" + throttle::address_key(context.origin.address)},
          {deps.budgets.whole, whole_key(context.origin.address)}};
}

// Spent by right passwords: taken before it is known whether this is one, and given back when it is not.
std::array<throttle::Charge, 1> right_charge(const Deps& deps, const LoginName& name) {
  const auto key = name.account ? name.account->text() : identity::identifier_key(name.text);
  return {{{deps.budgets.right, "signin.right:" + key}}};
}

// One statement, the same whether or not there is such an account.
Known look_up(const Deps& deps, const Context& context, const Browser& browser, const LoginName& name) {
  Known known;
  if (auto login = find_login(deps.database, name, browser.known, context.now)) {
    known.account = std::move(login->account);
    known.stored = std::move(login->stored);
    known.browser_is_known = login->browser_is_known;
  }
  known.charges = charges_of(deps, context, browser, name, known);
  return known;
}

// Right or wrong, an attempt is charged before it is checked.
Result<Done> pay(const Deps& deps, const Context& context, const LoginName& name, Known& known) {
  auto charges = known.charges;
  charges.push_back(right_charge(deps, name).front());
  auto charged = TRY(throttle::charge(deps.database, charges, context.now));
  charged.waits.pop_back();  // that of the right charge is given back with it, unless the password is right
  known.wait = charged.longest();
  return done;
}

std::string_view reason_of(const Known& known, bool matches) {
  if (!known.account) return "unknown_account";
  if (!known.stored) return "no_password";
  if (!matches) return "wrong_password";
  return "account_disabled";
}

void count(const Deps& deps, const char* result) {
  deps.metrics.counter("cardea_signin_total", "Sign-in attempts by result.", {{"result", result}}).add();
}

// One event for the wrong password and one for each wait that begins, however many attempts it then refuses.
void record_failure(const Deps& deps, const Context& context, const LoginName& name, const Known& known, bool matches) {
  const auto account = known.account ? std::optional{known.account->id} : std::nullopt;
  deps.database.write_locking([&](db::Tx& tx) {
    const auto wait = std::to_string(std::chrono::ceil<std::chrono::seconds>(known.wait).count()) + "s";
    const std::array<audit::Event, 2> events{
        {{.kind = signin_failed, .account = account, .reason = reason_of(known, matches)},
         {.kind = signin_throttled, .account = account, .reason = "too_many_tries", .subject = wait}}};
    deps.trail.record(tx, context, std::span{events}.first(known.wait == Duration{0} ? 1 : 2));
    throttle::settle(tx, {.give_back = right_charge(deps, name)}, context.now);
  });
  count(deps, "failed");
}

// The attempts of the one name or browser are forgotten; those that many share get theirs back.
void settle(db::Tx& tx, const Deps& deps, const std::vector<throttle::Charge>& charges, Time now) {
  std::vector<throttle::Charge> give_back;
  std::vector<throttle::Charge> forget;
  for (const auto& charge : charges) {
    const bool is_own = &charge.budget == &deps.budgets.account || &charge.budget == &deps.budgets.known_browser;
    (is_own ? forget : give_back).push_back(charge);
  }
  throttle::settle(tx, {.give_back = give_back, .forget = forget}, now);
}

PasswordProof to_proof(const Deps& deps, const Context& context, Known known, std::optional<std::string> better_hash) {
  const AccountId id = known.account->id;
  const Evidence evidence{
      .method = AuthMethod::password, .at = context.now, .detail = std::to_string(known.stored->revision)};
  Proof proof{.account = id,
              .evidence = evidence,
              .still_holds = [id, evidence](db::Tx& tx) { return password_holds(tx, id, evidence); },
              .use =
                  [id, phc = known.stored->phc, better = std::move(better_hash)](db::Tx& tx) {
                    if (better) password::replace_hash(tx, id, phc, *better);
                    return done;
                  },
              .settle = [&deps, charges = std::move(known.charges),
                         now = context.now](db::Tx& tx) { settle(tx, deps, charges, now); }};
  return {.proof = std::move(proof), .account = *std::move(known.account), .browser_is_known = known.browser_is_known};
}

}  // namespace

Result<PasswordProof> check_password(const Deps& deps, const Context& context, const Browser& browser,
                                     const LoginName& name, const Secret& password) {
  Known known = look_up(deps, context, browser, name);
  if (auto paid = pay(deps, context, name, known); !paid) {
    count(deps, "throttled");
    return std::move(paid).error();
  }

  const bool matches = deps.hasher.verify(known.stored, password);
  const bool active = known.account && known.account->status == identity::Status::active;
  if (!matches || !active) {
    record_failure(deps, context, name, known, matches);
    return invalid_credentials;
  }
  std::optional<std::string> better_hash;
  if (deps.hasher.is_outdated(*known.stored)) better_hash = deps.hasher.hash(password);
  return to_proof(deps, context, std::move(known), std::move(better_hash));
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
