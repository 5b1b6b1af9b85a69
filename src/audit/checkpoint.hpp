#pragma once
// What the server's own key says of the chain, so that whoever can write the database but has not the secret cannot.

#include "audit/audit_store.hpp"
#include "base/secret.hpp"

namespace cardea::audit {

/// `key`: 32 bytes derived from the server's secret for this purpose. It is not one of the keyring's, for those go some
/// time after they are replaced, and a checkpoint stays.
[[nodiscard]] Checkpoint sign_checkpoint(const Secret& key, const Link& link, Time at);
[[nodiscard]] bool is_signed(const Checkpoint& checkpoint, const crypto::Ed25519PublicKey& key);

/// What an export says of itself: at that time these events, and none else, followed `begin` and ended with `end`, and
/// so many were not sealed.
struct Extent {
  Link begin;
  Link end;
  std::int64_t unsealed = 0;
  Time at;
};
[[nodiscard]] Bytes sign_extent(const Secret& key, const Extent& extent);
[[nodiscard]] bool is_signed(const Extent& extent, BytesView signature, const crypto::Ed25519PublicKey& key);

}  // namespace cardea::audit
