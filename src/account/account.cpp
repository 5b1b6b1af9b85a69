#include "account/account.hpp"

namespace cardea::account {
namespace {

void record(db::Tx& tx, const entry::Deps& deps, const http::Call& call, std::string_view kind,
            std::string_view subject = {}) {
  deps.trail.record(tx,
                    {.kind = kind,
                     .account = call.who().account,
                     .actor = call.who().account,
                     .session = call.who().session,
                     .subject = subject},
                    audit::origin(call), call.now);
}

bool is_recent(const entry::Deps& deps, const http::Call& call) {
  return call.who().authenticated_at + deps.session.recent > call.now;
}

std::string names_of(const identity::Change& change) {
  std::string names;
  const auto add = [&names](std::string_view name) { (names += names.empty() ? "" : ",") += name; };
  if (change.name) add("name");
  if (change.email) add("email");
  for (const auto& [field, value] : change.profile) add(field);
  return names;
}

}  // namespace

Result<identity::Account> mine(const entry::Deps& deps, const http::Call& call) {
  auto account = deps.database.read([&](db::Tx& tx) { return identity::find(tx, call.who().account); });
  if (!account) return http::unauthenticated;
  return *std::move(account);
}

namespace {

// Asking for an address tells whether somebody has it, so it costs what a sign-up costs, and more than an owner needs.
// Paid for by itself, so that no refusal takes it back.
Result<Done> pay_for_address(const entry::Deps& deps, const http::Call& call) {
  auto claims = entry::asking_claims(deps, call);
  claims.push_back({deps.budgets.email_change, "email.change:" + call.who().account.text()});
  TRY(throttle::charge(deps.database, claims, call.now));
  return done;
}

}  // namespace

Result<identity::Account> change_profile(const entry::Deps& deps, const http::Call& call,
                                         const identity::Submitted& submitted) {
  std::vector<FieldError> problems;
  auto change = identity::check_change(deps.identity, submitted, identity::Editor::user, call.now, problems);
  if (!problems.empty()) return Error{validation_failed, std::move(problems)};
  const auto is_new_email = [&change](const identity::Account& account) {
    return change.email && *change.email != account.email;
  };
  if (change.email && is_new_email(TRY(mine(deps, call)))) {
    if (!is_recent(deps, call)) return http::reauth_required;
    TRY(pay_for_address(deps, call));
  }
  return deps.database.write([&](db::Tx& tx) -> Result<identity::Account> {
    TRY(entry::pay_for_change(tx, deps, call));
    const auto account = identity::find(tx, call.who().account);
    if (!account) return http::unauthenticated;
    const bool new_email = is_new_email(*account);  // asked again: it may have been changed since
    if (new_email && !is_recent(deps, call)) return http::reauth_required;
    auto changed = TRY(identity::update(tx, account->id, change, call.now));
    record(tx, deps, call, new_email ? "user.email.changed" : "user.updated", names_of(change));
    // The cached answer of GET /v1/session names the account.
    tx.after_commit([&deps, id = account->id] { deps.cache.drop_account(id); });
    return changed;
  });
}

Result<entry::Admitted> change_password(const entry::Deps& deps, const http::Call& call, const PasswordChange& change) {
  const auto account = TRY(mine(deps, call));
  const std::string uid = account.uid.value_or("");
  const std::string email = account.email.value_or("");
  auto problems = entry::check_password(deps.password, change.password, change.confirmation,
                                        {.name = account.name, .uid = uid, .email = email});
  if (!problems.empty()) return Error{validation_failed, std::move(problems)};

  const auto proof = entry::prove(deps, call, {.account = account.id}, change.current);
  if (!proof && proof.error().is(entry::invalid_credentials)) {
    return Error{validation_failed,
                 std::vector<FieldError>{{"current_password", "wrong_password", "This is not your current password."}}};
  }
  if (!proof) return proof.error();
  const std::string phc = deps.hasher.hash(change.password);
  return entry::with_proof(deps, call, *proof, [&](db::Tx& tx) -> Result<entry::Admitted> {
    password::store(tx, account.id, phc, call.now);
    if (session::revoke_others(tx, deps.cache, account.id, call.who().session) > 0) {
      record(tx, deps, call, "session.revoked", "others");
    }
    device::forget_all(tx, account.id);
    record(tx, deps, call, "user.password.changed");
    constexpr bool device_is_known = false;  // not any more: it is made known anew
    return entry::admit(tx, deps, call, proof->account, device_is_known);
  });
}

void remove(const entry::Deps& deps, const http::Call& call) {
  deps.database.write([&](db::Tx& tx) {
    // Sessions go first, and by name: the foreign key would remove them without emptying the cache.
    session::revoke_all(tx, deps.cache, call.who().account);
    if (identity::remove(tx, call.who().account)) record(tx, deps, call, "user.deleted");
  });
}

Result<Done> revoke(const entry::Deps& deps, const http::Call& call, const SessionId& id) {
  return deps.database.write([&](db::Tx& tx) -> Result<Done> {
    if (!session::revoke(tx, deps.cache, call.who().account, id)) return not_found;
    record(tx, deps, call, "session.revoked", id.text());
    return done;
  });
}

std::int64_t revoke_others(const entry::Deps& deps, const http::Call& call) {
  return deps.database.write([&](db::Tx& tx) {
    const auto count = session::revoke_others(tx, deps.cache, call.who().account, call.who().session);
    if (count > 0) record(tx, deps, call, "session.revoked", "others");
    return count;
  });
}

void revoke_all(const entry::Deps& deps, const http::Call& call) {
  deps.database.write([&](db::Tx& tx) {
    if (session::revoke_all(tx, deps.cache, call.who().account) > 0) record(tx, deps, call, "session.revoked", "all");
  });
}

Result<session::Session> find_session(const entry::Deps& deps, const http::Call& call, const SessionId& id) {
  auto session = deps.database.read([&](db::Tx& tx) { return session::find(tx, id, call.now); });
  if (!session || session->account != call.who().account) return not_found;
  return *std::move(session);
}

Feature feature(const Deps& deps) {
  Feature feature{.name = "account"};
  for (auto routes : {api_routes(deps.entry), profile_pages(deps), session_pages(deps), note_pages(deps)}) {
    for (auto& route : routes) feature.routes.push_back(std::move(route));
  }
  feature.errors = {&validation_failed, &not_found, &http::reauth_required, &throttle::rate_limited};
  return feature;
}

}  // namespace cardea::account
