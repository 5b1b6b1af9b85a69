#include "authn/authn.hpp"

namespace cardea::authn {

Result<Admitted> reauthenticate(const Deps& deps, const http::Call& call, const Secret& password) {
  const auto proof = TRY(prove(deps, call, {.account = call.who().account}, password));
  return with_proof(deps, call, proof, [&](db::Tx& tx) -> Result<Admitted> {
    auto admitted = admit(tx, deps, call, proof.account, proof.device_is_known);
    deps.trail.record(tx,
                      {.kind = "signin.reauthenticated",
                       .account = proof.account.id,
                       .actor = proof.account.id,
                       .session = admitted.session.session.id},
                      audit::origin(call), call.now);
    return admitted;
  });
}

}  // namespace cardea::authn
