#include "token/token.hpp"

#include <utility>

#include "encoding/base64.hpp"
#include "encoding/value.hpp"
#include "token/claims.hpp"
#include "token/compact.hpp"

namespace cardea::token {

void describe(config::Section& section, Settings& settings) {
  // Below keyring's least overlap, so that a token never outlives the publication of its key.
  section.span("access_lifetime", settings.access_lifetime, "An access token is valid this long.",
               {.min = std::chrono::minutes{1}, .max = std::chrono::hours{1}});
}

Tokens::Tokens(keyring::Keyring& keyring, std::string issuer, Random& random)
    : keyring_(&keyring), issuer_(std::move(issuer)), random_(&random) {}

std::string Tokens::issue(const TokenType& type, const Claims& claims) const {
  const auto signer = keyring_->signer();
  const Header header{
      .alg = std::string{to_text(signer.key->algorithm())}, .kid = signer.kid, .typ = std::string{type.typ}};
  std::string jwt = encode(header) + '.' + encoding::base64url(as_bytes(payload(type, issuer_, claims, *random_)));
  const Bytes signature = signer.key->sign(as_bytes(jwt));
  jwt += '.';
  jwt += encoding::base64url(signature);
  return jwt;
}

Result<Claims> Tokens::verify(const TokenType& type, std::string_view jwt, Time now) const {
  const auto parts = split(jwt);
  if (!parts) return Error{invalid_token, "not a compact JWS"};
  const auto header = parse_header(parts->header);
  if (!header) return Error{invalid_token, "header"};
  const auto key = keyring_->find(header->kid);
  if (key == nullptr) return Error{invalid_token, "kid"};
  if (header->alg != to_text(key->algorithm())) return Error{invalid_token, "alg"};
  if (header->typ != type.typ) return Error{invalid_token, "typ"};
  const auto signature = encoding::parse_base64url(parts->signature);
  if (!signature || !key->verify(as_bytes(parts->signed_text), *signature)) return Error{invalid_token, "signature"};
  const auto payload = encoding::parse_base64url(parts->payload);
  if (!payload) return Error{invalid_token, "payload"};
  return parse_payload(type, issuer_, as_text(*payload), now);
}

}  // namespace cardea::token
