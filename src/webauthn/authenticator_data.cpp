#include "webauthn/authenticator_data.hpp"

#include <utility>

#include "webauthn/cbor.hpp"
#include "webauthn/cose_key.hpp"

namespace cardea::webauthn {
namespace {

constexpr std::size_t longest = 16'384;
constexpr std::size_t hash_size = 32;
constexpr std::size_t aaguid_size = 16;

constexpr std::uint8_t flag_present = 0x01;
constexpr std::uint8_t flag_verified = 0x04;
constexpr std::uint8_t flag_eligible = 0x08;
constexpr std::uint8_t flag_backed_up = 0x10;
constexpr std::uint8_t flag_credential = 0x40;
constexpr std::uint8_t flag_extensions = 0x80;

std::optional<BytesView> take(BytesView& rest, std::size_t size) {
  if (rest.size() < size) return std::nullopt;
  const auto taken = rest.first(size);
  rest = rest.subspan(size);
  return taken;
}

std::optional<AttestedCredential> take_credential(BytesView& rest) {
  const auto aaguid = take(rest, aaguid_size);
  const auto length = take(rest, 2);
  if (!aaguid || !length) return std::nullopt;
  const std::size_t size = (std::size_t{(*length)[0]} << 8U) | (*length)[1];
  const auto id = take(rest, size);
  if (!id || id->empty() || size > longest_credential_id) return std::nullopt;
  const auto cose = read_cbor(rest);
  if (!cose) return std::nullopt;
  auto key = read_cose_key(cose->value);
  if (!key) return std::nullopt;
  return AttestedCredential{
      .aaguid = *aaguid, .id = *id, .public_key = *take(rest, cose->size), .key = *std::move(key)};
}

bool take_extensions(BytesView& rest) {
  const auto read = read_cbor(rest);
  if (!read || read->value.get<CborValue::Map>() == nullptr) return false;
  rest = rest.subspan(read->size);
  return true;
}

}  // namespace

std::optional<AuthenticatorData> parse_authenticator_data(BytesView bytes) {
  if (bytes.size() > longest) return std::nullopt;
  BytesView rest = bytes;
  const auto hash = take(rest, hash_size);
  const auto flag_byte = take(rest, 1);
  const auto count = take(rest, 4);
  if (!hash || !flag_byte || !count) return std::nullopt;
  const std::uint8_t flags = flag_byte->front();
  AuthenticatorData data{.rp_id_hash = *hash,
                         .user_present = (flags & flag_present) != 0,
                         .user_verified = (flags & flag_verified) != 0,
                         .backup_eligible = (flags & flag_eligible) != 0,
                         .backed_up = (flags & flag_backed_up) != 0};
  if (data.backed_up && !data.backup_eligible) return std::nullopt;
  for (const auto byte : *count) data.sign_count = (data.sign_count << 8U) | byte;
  if ((flags & flag_credential) != 0) {
    data.credential = take_credential(rest);
    if (!data.credential) return std::nullopt;
  }
  if ((flags & flag_extensions) != 0 && !take_extensions(rest)) return std::nullopt;
  if (!rest.empty()) return std::nullopt;
  return data;
}

}  // namespace cardea::webauthn
