#include "account/account.hpp"
#include "account/rules.hpp"
#include "known_browser/known_browser.hpp"

namespace cardea::account {
namespace {

Result<Done> may_end(db::Tx& tx, const Context& context, const AccountId& account) {
  return context.is(account) ? Result<Done>{done} : may_act_on(tx, context, account, sessions_end);
}

void record(db::Tx& tx, const Deps& deps, const Context& context, const AccountId& account, std::string_view subject) {
  deps.trail.record(
      tx, context,
      {.kind = session_revoked, .account = account, .reason = reason_of(context, account), .subject = subject});
}

}  // namespace

Result<Done> end_session(const Deps& deps, const Context& context, const AccountId& account, const SessionId& id) {
  return session::write_for(deps.database, context, [&](db::Tx& tx) -> Result<Done> {
    TRY(may_end(tx, context, account));
    if (!session::revoke(tx, account, id)) return not_found;
    record(tx, deps, context, account, id.text());
    return done;
  });
}

Result<std::int64_t> end_other_sessions(const Deps& deps, const Context& context) {
  return session::write_for(deps.database, context, [&](db::Tx& tx) -> Result<std::int64_t> {
    const auto count = session::revoke_others(tx, context.account(), context.session());
    if (count > 0) record(tx, deps, context, context.account(), "others");
    known_browser::end_trust(tx, context.account());
    return count;
  });
}

Result<Done> end_sessions(const Deps& deps, const Context& context, const AccountId& account) {
  return session::write_for(deps.database, context, [&](db::Tx& tx) -> Result<Done> {
    TRY(may_end(tx, context, account));
    if (session::revoke_all(tx, account) > 0) record(tx, deps, context, account, "all");
    known_browser::end_trust(tx, account);
    return done;
  });
}

}  // namespace cardea::account
