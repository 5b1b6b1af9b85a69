#include "login/login.hpp"

namespace cardea::login {

Result<entry::Admitted> reauthenticate(const entry::Deps& deps, const http::Call& call, const Secret& password) {
  const auto proof = TRY(entry::prove(deps, call, {.account = call.who().account}, password));
  return entry::with_proof(deps, call, proof, [&](db::Tx& tx) -> Result<entry::Admitted> {
    auto admitted = entry::admit(tx, deps, call, proof.account, proof.device_is_known);
    deps.trail.record(tx,
                      {.kind = "signin.reauthenticated",
                       .account = proof.account.id,
                       .actor = proof.account.id,
                       .session = admitted.session.session.id},
                      audit::origin(call), call.now);
    return admitted;
  });
}

}  // namespace cardea::login
