#include "account/rules.hpp"

#include "http/problem.hpp"

namespace cardea::account {

bool is_recent(const Deps& deps, const Context& context) {
  return context.principal && !context.principal->key_is_stale &&
         is_met_by(shown_within(deps.recent), context.principal->assurance, context.now);
}

namespace {

/// What the principal may do as the database knows it: memory may be that of a moment ago, and another process may have
/// taken the role away since.
Result<Permissions> permissions_of(db::Tx& tx, const Context& context) {
  if (!context.principal->account) return context.principal->permissions;
  const auto acting = identity::find(tx, context.account());
  if (!acting) return http::unauthenticated;
  return Permissions{acting->role};
}

}  // namespace

Result<Done> may_act_on(db::Tx& tx, const Context& context, const AccountId& id, const Permission& permission) {
  if (!context.may(permission)) return http::forbidden;
  const auto now_held = TRY(permissions_of(tx, context));
  if (!now_held.has(permission)) return http::forbidden;
  if (now_held.has(owners_manage)) return done;
  const auto account = identity::find(tx, id);
  if (!account) return not_found;
  return account->role == Role::owner ? Result<Done>{http::forbidden} : Result<Done>{done};
}

std::string_view reason_of(const Context& context, const AccountId& id) {
  if (context.is(id)) return {};
  return context.principal && context.principal->account ? "admin" : "command";
}

}  // namespace cardea::account
