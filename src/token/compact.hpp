#pragma once
// The outside of a token: three parts and the header (RFC 7515 §7.1).

#include <optional>
#include <string>
#include <string_view>

#include "token/token.hpp"

namespace cardea::token {

struct Parts {
  std::string_view header, payload, signature;  // still encoded
  std::string_view signed_text;                 // header.payload
};
/// The three parts; absent when there are not exactly three, one is empty, or the whole is too long.
std::optional<Parts> split(std::string_view jwt);

struct Header {
  std::string alg, kid, typ;
};
/// Base64url of the header's JSON.
std::string encode(const Header& header);
/// Exactly the members alg, kid and typ, each a text. Everything else a JWS header may hold (jwk, jku, x5u, x5c, crit,
/// b64, zip …) would let the token say how it wants to be verified, so it is refused by not being on the list.
std::optional<Header> parse_header(std::string_view encoded);

}  // namespace cardea::token
