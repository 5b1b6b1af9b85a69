#include <array>

#include "encoding/base64.hpp"
#include "entry/entry.hpp"

namespace cardea::entry {
namespace {

// What is learned first; nothing of it is held while the hash is computed.
struct Known {
  std::optional<identity::Account> account;
  std::optional<password::Stored> stored;
  std::vector<throttle::Charge> claims;
  Duration wait{0};   // begins with this attempt, unless it is right
  bool device_is_known = false;
};

std::optional<crypto::Digest> device_of(const http::Call& call) {
  const auto cookie = http::cookie(call.request, device::cookie_name);
  return cookie ? device::token_hash(*cookie) : std::nullopt;
}

// A sixteenth of the whole budget by address, so that sign-ins do not all queue for one row.
std::string whole_key(std::string_view address) {
  return "signin.whole:" + std::to_string(crypto::sha256(address)[0] & 15U);
}

std::vector<throttle::Charge> claims_of(const Deps& deps, const http::Call& call, const Claimant& claimant,
                                        const Known& known) {
  if (call.caller && claimant.account) {
    return {{deps.budgets.device, "signin.device:" + call.caller->session.text()}};
  }
  if (known.device_is_known) return {{deps.budgets.device, "signin.device:" + encoding::hex(*device_of(call))}};
  // By what was typed, whether or not somebody has it: counted by account, a user id and an address that share a budget
  // would tell that they belong together.
  return {{deps.budgets.account, "signin.account:" + identity::identifier_key(claimant.identifier)},
          {deps.budgets.address, "signin.address:" + throttle::address_key(call.address)},
          {deps.budgets.whole, whole_key(call.address)}};
}

// Spent by right passwords: taken before it is known whether this is one, and given back when it is not.
std::array<throttle::Charge, 1> right_claim(const Deps& deps, const Claimant& claimant) {
  const auto name = claimant.account ? claimant.account->text() : identity::identifier_key(claimant.identifier);
  return {{{deps.budgets.right, "signin.right:" + name}}};
}

Known look_up(db::Tx& tx, const Deps& deps, const http::Call& call, const Claimant& claimant) {
  Known known;
  known.account =
      claimant.account ? identity::find(tx, *claimant.account) : identity::find_by_identifier(tx, claimant.identifier);
  const auto device = device_of(call);
  // An absent account is asked for as often as one that exists, under an id that nobody has.
  if (!known.account) (void)identity::find(tx, AccountId{});
  const AccountId id = known.account ? known.account->id : AccountId{};
  known.stored = password::find(tx, id);
  known.device_is_known = device && device::is_known(tx, id, *device, call.now);
  known.claims = claims_of(deps, call, claimant, known);
  return known;
}

Result<Done> pay(const Deps& deps, const http::Call& call, const Claimant& claimant, Known& known) {
  auto charges = known.claims;
  charges.push_back(right_claim(deps, claimant).front());
  auto charged = TRY(throttle::charge(deps.database, charges, call.now));
  charged.waits.pop_back();  // that of the right claim is given back with it, unless the password is right
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

// One event for the wrong password and one for each wait that begins, however often it is then tried in vain.
void record_failure(const Deps& deps, const http::Call& call, const Claimant& claimant, const Known& known,
                    bool matches) {
  const auto account = known.account ? std::optional{known.account->id} : std::nullopt;
  deps.database.write([&](db::Tx& tx) {
    throttle::settle(tx, {.give_back = right_claim(deps, claimant)}, call.now);
    deps.trail.record(tx, {.kind = "signin.failed", .account = account, .reason = reason_of(known, matches)},
                      audit::origin(call), call.now);
    if (known.wait == Duration{0}) return;
    const auto seconds = std::to_string(std::chrono::ceil<std::chrono::seconds>(known.wait).count());
    deps.trail.record(
        tx, {.kind = "signin.throttled", .account = account, .reason = "too_many_tries", .subject = seconds + "s"},
        audit::origin(call), call.now);
  });
  count(deps, "failed");
}

}  // namespace

Result<Proof> prove(const Deps& deps, const http::Call& call, const Claimant& claimant, const Secret& password) {
  Known known = deps.database.read([&](db::Tx& tx) { return look_up(tx, deps, call, claimant); });
  if (auto paid = pay(deps, call, claimant, known); !paid) {
    count(deps, "throttled");
    return std::move(paid).error();
  }

  const bool matches = deps.hasher.verify(known.stored, password);
  const bool active = known.account && known.account->status == identity::Status::active;
  if (!matches || !active) {
    record_failure(deps, call, claimant, known, matches);
    return invalid_credentials;
  }

  Proof proof{.account = std::move(*known.account),
              .stored = std::move(*known.stored),
              .better_hash = {},
              .claims = std::move(known.claims),
              .device_is_known = known.device_is_known};
  if (deps.hasher.is_outdated(proof.stored)) proof.better_hash = deps.hasher.hash(password);
  return proof;
}

Result<Done> accept(db::Tx& tx, const Deps& deps, const Proof& proof, Time now) {
  const auto account = identity::find(tx, proof.account.id);
  const auto stored = password::find(tx, proof.account.id);
  // Between the two transactions the account may have been disabled or its password changed. The hash may have been
  // replaced by a better one of the same password, which is no new revision.
  const bool holds =
      account && account->status == identity::Status::active && stored && stored->revision == proof.stored.revision;
  if (!holds) return invalid_credentials;
  std::vector<throttle::Charge> give_back;
  std::vector<throttle::Charge> forget;
  for (const auto& claim : proof.claims) {
    const bool is_own = &claim.budget == &deps.budgets.account || &claim.budget == &deps.budgets.device;
    (is_own ? forget : give_back).push_back(claim);
  }
  throttle::settle(tx, {.give_back = give_back, .forget = forget}, now);
  if (proof.better_hash) password::replace_hash(tx, proof.account.id, proof.stored.phc, *proof.better_hash);
  return done;
}

void record_stale(const Deps& deps, const http::Call& call, const Proof& proof) {
  deps.database.write([&](db::Tx& tx) {
    deps.trail.record(tx, {.kind = "signin.failed", .account = proof.account.id, .reason = "changed_meanwhile"},
                      audit::origin(call), call.now);
  });
  count(deps, "failed");
}

Result<Admitted> sign_in(const Deps& deps, const http::Call& call, std::string_view identifier, const Secret& password,
                         std::optional<Duration> lifetime) {
  const Proof proof = TRY(prove(deps, call, {.identifier = identifier}, password));
  Admitted admitted = TRY(with_proof(deps, call, proof, [&](db::Tx& tx) -> Result<Admitted> {
    Admitted in = admit(tx, deps, call, proof.account, proof.device_is_known, lifetime);
    deps.trail.record(tx,
                      {.kind = "signin.succeeded",
                       .account = proof.account.id,
                       .actor = proof.account.id,
                       .session = in.session.session.id,
                       .reason = "password"},
                      audit::origin(call), call.now);
    return in;
  }));
  count(deps, "succeeded");
  return admitted;
}

}  // namespace cardea::entry
