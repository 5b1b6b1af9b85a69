#pragma once
// Tokens that mean nothing by themselves: 256 random bits that a client keeps, and of which a room keeps the hash.

#include <optional>
#include <string_view>

#include "base/random.hpp"
#include "base/secret.hpp"
#include "crypto/hash.hpp"

namespace cardea::crypto {

struct OpaqueToken {
  Secret text;  // for the client; not to be had again. 43 characters of base64url
  Digest hash;  // SHA-256 of the bits, under which it is stored and found
};
[[nodiscard]] OpaqueToken make_opaque_token(Random& random);

/// The hash under which a token is stored; absent unless `text` is one that `make_opaque_token` could have made.
[[nodiscard]] std::optional<Digest> opaque_token_hash(std::string_view text);

}  // namespace cardea::crypto
