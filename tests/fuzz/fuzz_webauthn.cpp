// libraries: webauthn
// What an authenticator sends, from anyone: CBOR, authenticator data, client data, and whole ceremonies.

#include <cstdint>

#include "tests/fuzz/require.hpp"
#include "webauthn/authenticator_data.hpp"
#include "webauthn/cbor.hpp"
#include "webauthn/webauthn.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cardea;
  using fuzz::require;
  const BytesView bytes{data, size};
  const auto prefix = webauthn::read_cbor(bytes);
  if (prefix) {
    require(prefix->size > 0 && prefix->size <= size, "a value takes up some of the bytes");
    require(webauthn::parse_cbor(bytes.first(prefix->size)).has_value(), "and is whole without what follows");
  }
  if (const auto parsed = webauthn::parse_authenticator_data(bytes)) {
    require(!parsed->backed_up || parsed->backup_eligible, "nothing is backed up that cannot be");
    require(!parsed->credential || !parsed->credential->id.empty(), "a credential has an id");
  }
  const webauthn::RelyingParty party{.id = "auth.test", .origins = {"https://auth.test"}};
  const std::string challenge = webauthn::challenge_of(bytes).value_or("x");
  std::ignore = webauthn::check_client_data(bytes, "webauthn.get", challenge, party);

  const std::string client_data =
      R"({"type":"webauthn.create","challenge":"x","origin":"https://auth.test","crossOrigin":false})";
  const webauthn::Registration sent{
      .id = Bytes(32, 1), .client_data = to_bytes(client_data), .attestation_object = to_bytes(bytes)};
  if (const auto made = webauthn::verify_registration(sent, party, "x", {})) {
    require(made->id == sent.id, "a credential has the id that it was sent with");
  }
  return 0;
}
