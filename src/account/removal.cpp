#include "account/account.hpp"
#include "account/rules.hpp"
#include "http/problem.hpp"
#include "known_browser/known_browser.hpp"

namespace cardea::account {
namespace {

/// The account, if the principal may delete it and it is what it should be.
Result<identity::Account> check(db::Tx& tx, const Deps& deps, const Context& context, const AccountId& id,
                                const Condition& condition) {
  if (!context.is(id)) {
    TRY(may_act_on(tx, context, id, users_delete));
  } else if (!is_recent(deps, context)) {
    return http::reauth_required;
  }
  auto account = identity::find(tx, id);
  if (!account) return not_found;
  if (condition) TRY(condition(*account));
  return *std::move(account);
}

/// Whoever is in the account is out of it.
void close(db::Tx& tx, const Deps& deps, const Context& context, const identity::Account& account) {
  session::revoke_all(tx, account.id);
  known_browser::end_trust(tx, account.id);
  if (deps.grace.on_asked) deps.grace.on_asked(tx, context, account);
  deps.trail.record(tx, context,
                    {.kind = deletion_requested, .account = account.id, .reason = reason_of(context, account.id)});
}

}  // namespace

Result<Done> remove(const Deps& deps, const Context& context, const AccountId& id, const Condition& condition) {
  return session::write_for(deps.database, context, [&](db::Tx& tx) -> Result<Done> {
    TRY(check(tx, deps, context, id, condition));
    // Before its key goes, so that the event bears the name under which the trail has the others.
    deps.trail.record(tx, context, {.kind = deleted, .account = id, .reason = reason_of(context, id)});
    if (!identity::remove(tx, id)) return not_found;
    return done;
  });
}

Result<std::optional<Time>> request_removal(const Deps& deps, const Context& context, const AccountId& id,
                                            const Condition& condition) {
  if (deps.grace.span <= Duration{0}) {
    TRY(remove(deps, context, id, condition));
    return std::optional<Time>{};
  }
  return session::write_for(deps.database, context, [&](db::Tx& tx) -> Result<std::optional<Time>> {
    const auto before = TRY(check(tx, deps, context, id, condition));
    // First, so that a sign-in comes before, and its session is ended, or after, and opens none.
    const auto account = identity::set_erasure(tx, id, context.now + deps.grace.span, context.now);
    if (!account) return before.erase_at;
    close(tx, deps, context, *account);
    return account->erase_at;
  });
}

Result<Done> restore(const Deps& deps, const Context& context, const AccountId& id) {
  return session::write_for(deps.database, context, [&](db::Tx& tx) -> Result<Done> {
    TRY(may_act_on(tx, context, id, users_delete));
    if (!identity::find(tx, id)) return not_found;
    if (!identity::clear_erasure(tx, id, context.now)) return not_waiting;
    deps.trail.record(tx, context, {.kind = restored, .account = id, .reason = reason_of(context, id)});
    return done;
  });
}

bool keep(db::Tx& tx, const Deps& deps, const Context& context, const AccountId& id) {
  if (!identity::clear_erasure(tx, id, context.now)) return false;
  deps.trail.record(tx, context, {.kind = restored, .account = id, .actor = id});
  return true;
}

bool erase_if_due(const Deps& deps, const Context& context, const AccountId& id) {
  const auto erased = deps.database.write([&](db::Tx& tx) -> Result<Done> {
    deps.trail.record(tx, context, {.kind = deleted, .account = id, .reason = "due"});  // before its key goes
    if (!identity::erase_if_due(tx, id, context.now)) return not_found;
    return done;
  });
  return erased.ok();
}

}  // namespace cardea::account
