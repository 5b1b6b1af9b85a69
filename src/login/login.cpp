#include "login/login.hpp"

namespace cardea::login {

Result<Done> reauthenticate(const entry::Deps& deps, const http::Call& call, const Secret& password) {
  const auto proof = TRY(entry::prove(deps, call, {.account = call.who().account}, password));
  return deps.database.write([&](db::Tx& tx) -> Result<Done> {
    TRY(entry::accept(tx, deps, proof, call.now));
    session::reauthenticate(tx, deps.cache, call.who().session, call.now);
    deps.trail.record(tx,
                      {.kind = "signin.reauthenticated",
                       .account = proof.account.id,
                       .actor = proof.account.id,
                       .session = call.who().session},
                      audit::origin(call), call.now);
    return done;
  });
}

void sign_out(const entry::Deps& deps, const http::Call& call) {
  deps.database.write([&](db::Tx& tx) {
    if (!session::revoke(tx, deps.cache, call.who().account, call.who().session)) return;
    deps.trail.record(tx,
                      {.kind = "signout.completed",
                       .account = call.who().account,
                       .actor = call.who().account,
                       .session = call.who().session},
                      audit::origin(call), call.now);
  });
}

}  // namespace cardea::login
