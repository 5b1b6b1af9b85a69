#include <array>

#include "authn/authn.hpp"
#include "encoding/base64.hpp"

namespace cardea::authn {
namespace {

// What the first transaction learns; nothing of it is held while the hash is computed.
struct Known {
  std::optional<identity::Account> account;
  std::optional<password::Stored> stored;
  std::vector<throttle::Claim> claims;
  Duration wait{0};   // begins with this attempt, unless it is right
  bool browser_is_known = false;
};

// A sixteenth of the whole budget by address, so that sign-ins do not all queue for one row.
std::string whole_key(std::string_view address) {
  return "signin.whole:" + std::to_string(crypto::sha256(address)[0] & 15U);
}

std::vector<throttle::Claim> claims_of(const Deps& deps, const Context& context, const Browser& browser,
                                       const LoginName& name, const Known& known) {
  if (name.account) return {{deps.budgets.known_browser, "signin.device:" + context.session().text()}};
  if (known.browser_is_known) {
    return {{deps.budgets.known_browser, "signin.device:" + encoding::hex(*browser.known)}};
  }
  // By what was typed, whether or not somebody has it: counted by account, a user id and an address that share a budget
  // would tell that they belong together.
  return {{deps.budgets.account, "signin.account:" + identity::identifier_key(name.text)},
          {deps.budgets.address, "signin.address:" + throttle::address_key(context.origin.address)},
          {deps.budgets.whole, whole_key(context.origin.address)}};
}

// Spent by right passwords: taken before it is known whether this is one, and given back when it is not.
std::array<throttle::Claim, 1> right_claim(const Deps& deps, const LoginName& name) {
  const auto key = name.account ? name.account->text() : identity::identifier_key(name.text);
  return {{{deps.budgets.right, "signin.right:" + key}}};
}

Result<Known> look_up(db::Tx& tx, const Deps& deps, const Context& context, const Browser& browser,
                      const LoginName& name) {
  Known known;
  known.account = name.account ? identity::find(tx, *name.account) : identity::find_by_identifier(tx, name.text);
  // An absent account is asked for its password like any other, under an id that nobody has.
  const AccountId id = known.account ? known.account->id : AccountId{};
  known.stored = password::find(tx, id);
  known.browser_is_known = browser.known && known_browser::is_known(tx, id, *browser.known, context.now);
  known.claims = claims_of(deps, context, browser, name, known);
  known.wait = TRY(throttle::admit(tx, known.claims, context.now));
  TRY(throttle::admit(tx, right_claim(deps, name), context.now));
  return known;
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

// One event for the wrong password and one for each wait that begins, however often it is then tried in vain.
void record_failure(const Deps& deps, const Context& context, const LoginName& name, const Known& known, bool matches) {
  const auto account = known.account ? std::optional{known.account->id} : std::nullopt;
  deps.database.write([&](db::Tx& tx) {
    throttle::give_back(tx, right_claim(deps, name), context.now);
    deps.trail.record(tx, context, {.kind = signin_failed, .account = account, .reason = reason_of(known, matches)});
    if (known.wait == Duration{0}) return;
    const auto seconds = std::to_string(std::chrono::ceil<std::chrono::seconds>(known.wait).count());
    deps.trail.record(
        tx, context,
        {.kind = signin_throttled, .account = account, .reason = "too_many_tries", .subject = seconds + "s"});
  });
  count(deps, "failed");
}

// The attempts of the one name or browser are forgotten; those that many share get theirs back.
void settle(db::Tx& tx, const Deps& deps, const std::vector<throttle::Claim>& claims, Time now) {
  for (const auto& claim : claims) {
    if (&claim.budget == &deps.budgets.account || &claim.budget == &deps.budgets.known_browser) {
      throttle::forget(tx, claim.key);
    } else {
      throttle::give_back(tx, std::span{&claim, 1}, now);
    }
  }
}

PasswordProof to_proof(const Deps& deps, const Context& context, Known known, std::optional<std::string> better_hash) {
  const AccountId id = known.account->id;
  const Evidence evidence{
      .method = AuthMethod::password, .at = context.now, .detail = std::to_string(known.stored->revision)};
  Proof proof{.account = id,
              .evidence = evidence,
              .still_holds = [id, evidence](db::Tx& tx) { return password_still_holds(tx, id, evidence); },
              .use =
                  [&deps, id, claims = std::move(known.claims), phc = known.stored->phc,
                   better = std::move(better_hash), now = context.now](db::Tx& tx) {
                    settle(tx, deps, claims, now);
                    if (better) password::replace_hash(tx, id, phc, *better);
                  }};
  return {.proof = std::move(proof), .account = *std::move(known.account), .browser_is_known = known.browser_is_known};
}

}  // namespace

Result<PasswordProof> check_password(const Deps& deps, const Context& context, const Browser& browser,
                                     const LoginName& name, const Secret& password) {
  auto looked_up =
      deps.database.write([&](db::Tx& tx) -> Result<Known> { return look_up(tx, deps, context, browser, name); });
  if (!looked_up) {
    count(deps, "throttled");
    return std::move(looked_up).error();
  }
  Known known = std::move(looked_up).value();

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

// The hash may have been replaced by a better one of the same password, which is no new revision.
bool password_still_holds(db::Tx& tx, const AccountId& account, const Evidence& evidence) {
  const auto stored = password::find(tx, account);
  return stored && std::to_string(stored->revision) == evidence.detail;
}

Result<Done> use_proof(db::Tx& tx, const Proof& proof) {
  // Since the proof was judged the account may have been blocked or its password changed.
  const auto account = identity::find(tx, proof.account);
  if (!account || account->status != identity::Status::active || !proof.still_holds(tx)) return invalid_credentials;
  proof.use(tx);
  return done;
}

void record_stale(const Deps& deps, const Context& context, const Proof& proof) {
  deps.database.write([&](db::Tx& tx) {
    deps.trail.record(tx, context, {.kind = signin_failed, .account = proof.account, .reason = "changed_meanwhile"});
  });
  count(deps, "failed");
}

}  // namespace cardea::authn
