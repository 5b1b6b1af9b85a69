#include "crypto/opaque_token.hpp"

#include "encoding/base64.hpp"

namespace cardea::crypto {
namespace {

constexpr std::size_t token_bytes = 32;
constexpr std::size_t text_size = 43;

}  // namespace

OpaqueToken make_opaque_token(Random& random) {
  auto bytes = random.bytes<token_bytes>();
  std::string text = encoding::base64url(bytes);
  OpaqueToken token{.text = Secret{text}, .hash = sha256(bytes)};
  wipe(text);
  wipe(bytes.data(), bytes.size());
  return token;
}

std::optional<Digest> opaque_token_hash(std::string_view text) {
  if (text.size() != text_size) return std::nullopt;
  std::array<std::uint8_t, token_bytes> bytes{};
  const bool is_token = encoding::parse_base64url(text, bytes);
  const Digest hash = sha256(bytes);
  wipe(bytes.data(), bytes.size());
  return is_token ? std::optional{hash} : std::nullopt;
}

}  // namespace cardea::crypto
