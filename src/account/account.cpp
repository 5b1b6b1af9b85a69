#include "account/account.hpp"

#include "account/rules.hpp"
#include "http/problem.hpp"
#include "known_browser/known_browser.hpp"

namespace cardea::account {

void describe_budgets(config::Section& throttle, Budgets& budgets) {
  throttle::describe(throttle.section("signup_address"), budgets.signup_address);
  throttle::describe(throttle.section("signup_whole"), budgets.signup_whole);
  throttle::describe(throttle.section("email_change"), budgets.email_change);
  throttle::describe(throttle.section("profile_change"), budgets.profile_change);
}

std::vector<Permission> permissions() {
  return {users_read, users_update, users_block, users_delete, sessions_end, roles_assign, owners_manage};
}

std::vector<audit::Kind> events() {
  return {updated, email_changed, email_requested, deletion_requested, restored,       deleted,
          blocked, unblocked,     role_granted,    role_revoked,       session_revoked};
}

Result<identity::Account> own(const Deps& deps, const Context& context) {
  auto account = deps.database.read([&](db::Tx& tx) { return identity::find(tx, context.account()); });
  if (!account) return http::unauthenticated;
  return *std::move(account);
}

identity::Viewer viewer_of(const Context& context, const AccountId& id) {
  if (context.may(users_read)) return identity::Viewer::admin;
  return context.is(id) ? identity::Viewer::self : identity::Viewer::everyone;
}

std::optional<identity::Account> find(const Deps& deps, const Context& context, const AccountId& id) {
  auto account = deps.database.read([&](db::Tx& tx) { return identity::find(tx, id); });
  if (!account) return std::nullopt;
  const bool is_hidden = account->status != identity::Status::active && !context.may(users_read);
  return is_hidden ? std::nullopt : std::move(account);
}

Result<Done> block(const Deps& deps, const Context& context, const AccountId& id) {
  return session::write_for(deps.database, context, [&](db::Tx& tx) -> Result<Done> {
    TRY(may_act_on(tx, context, id, users_block));
    TRY(identity::set_status(tx, id, identity::Status::disabled, context.now));
    session::revoke_all(tx, id);
    known_browser::end_trust(tx, id);
    deps.trail.record(tx, context, {.kind = blocked, .account = id, .reason = reason_of(context, id)});
    return done;
  });
}

Result<Done> unblock(const Deps& deps, const Context& context, const AccountId& id) {
  return session::write_for(deps.database, context, [&](db::Tx& tx) -> Result<Done> {
    TRY(may_act_on(tx, context, id, users_block));
    TRY(identity::set_status(tx, id, identity::Status::active, context.now));
    deps.trail.record(tx, context, {.kind = unblocked, .account = id, .reason = reason_of(context, id)});
    return done;
  });
}

Result<Done> set_role(const Deps& deps, const Context& context, const AccountId& id, Role role) {
  return session::write_for(deps.database, context, [&](db::Tx& tx) -> Result<Done> {
    TRY(may_act_on(tx, context, id, roles_assign));
    TRY(identity::set_role(tx, id, role, context.now));
    const bool is_taken = role == Role::user;
    deps.trail.record(tx, context,
                      {.kind = is_taken ? role_revoked : role_granted,
                       .account = id,
                       .reason = reason_of(context, id),
                       .subject = is_taken ? std::string_view{} : enum_text(role)});
    return done;
  });
}

}  // namespace cardea::account
