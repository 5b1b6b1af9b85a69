#include "audit/checkpoint.hpp"

#include "audit/encoder.hpp"

namespace cardea::audit {
namespace {

// The first field says what is said, so that the one can never pass for the other.
Bytes encode(const Link& link, Time at) {
  Encoder encoder;
  encoder.text("cardea.audit.checkpoint.1");
  encoder.integer(link.number);
  encoder.bytes(link.hash);
  encoder.time(at);
  return encoder.encoded();
}

Bytes encode(const Extent& extent) {
  Encoder encoder;
  encoder.text("cardea.audit.export.1");
  for (const Link* link : {&extent.begin, &extent.end}) {
    encoder.integer(link->number);
    encoder.bytes(link->hash);
  }
  encoder.integer(extent.unsealed);
  encoder.time(extent.at);
  return encoder.encoded();
}

}  // namespace

Checkpoint sign_checkpoint(const Secret& key, const Link& link, Time at) {
  return {.link = link, .at = at, .signature = to_bytes(crypto::ed25519_sign(key, encode(link, at)))};
}

bool is_signed(const Checkpoint& checkpoint, const crypto::Ed25519PublicKey& key) {
  return crypto::ed25519_verify(key, encode(checkpoint.link, checkpoint.at), checkpoint.signature);
}

Bytes sign_extent(const Secret& key, const Extent& extent) {
  return to_bytes(crypto::ed25519_sign(key, encode(extent)));
}

bool is_signed(const Extent& extent, BytesView signature, const crypto::Ed25519PublicKey& key) {
  return crypto::ed25519_verify(key, encode(extent), signature);
}

}  // namespace cardea::audit
