#include "account/account.hpp"

namespace cardea::account {

void revoke_all(const entry::Deps& deps, const http::Call& call) {
  deps.database.write([&](db::Tx& tx) {
    if (session::revoke_all(tx, deps.cache, call.who().account) == 0) return;
    deps.trail.record(tx,
                      {.kind = "session.revoked",
                       .account = call.who().account,
                       .actor = call.who().account,
                       .session = call.who().session,
                       .subject = "all"},
                      audit::origin(call), call.now);
  });
}

Result<session::Session> find_session(const entry::Deps& deps, const http::Call& call, const SessionId& id) {
  auto session = deps.database.read([&](db::Tx& tx) { return session::find(tx, id, call.now); });
  if (!session || session->account != call.who().account) return not_found;
  return *std::move(session);
}

}  // namespace cardea::account
