// libraries: device_session
// What a browser sends to show a device's key, from anyone: the field, the JWT in it, and the key.

#include <cstdint>

#include "device_session/device_key.hpp"
#include "device_session/proof.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cardea;
  using fuzz::require;
  const auto field = as_text({data, size});
  const auto proof = device_session::read_proof(field);
  if (!proof) return 0;
  require(size <= device_session::longest_proof, "a proof is short");
  require(!proof->challenge.empty(), "and answers a challenge");
  require(proof->algorithm != crypto::Algorithm::eddsa, "with an algorithm that devices have");
  require(field.find(proof->signed_text) != std::string_view::npos, "what is signed was sent");
  const auto key = proof->jwk ? device_session::read_key(*proof->jwk) : std::nullopt;
  if (!key) return 0;
  const auto stored = device_session::read_stored_key(key->text);
  require(stored && stored->text == key->text, "a key is read as it was stored");
  require(device_session::is_by(*proof, key->key) == device_session::is_by(*proof, stored->key), "and is the same key");
  return 0;
}
