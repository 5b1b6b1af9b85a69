#pragma once
// What a recovery code looks like: twelve characters of 32 that cannot be mistaken for one another, 60 random bits.
// Pure.

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/id.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "crypto/hash.hpp"

namespace cardea::recovery_code {

inline constexpr std::size_t codes_in_a_set = 10;
inline constexpr std::size_t code_size = 12;  // characters, without the hyphens

using Codes = std::array<std::string, codes_in_a_set>;  // "7k3q-9xwm-2hbd"

/// All different.
[[nodiscard]] Codes make_codes(Random& random);
/// All of them, a line each; and back. Absent for a text that is no such set.
[[nodiscard]] std::string to_text(const Codes& codes);
[[nodiscard]] std::optional<Codes> parse_codes(std::string_view text);

/// What somebody typed, as it is hashed: small letters without spaces and hyphens, and 0 and 1 for the letters that
/// look like them. Absent for what is no code.
[[nodiscard]] std::optional<std::string> read_code(std::string_view typed);

/// Under which a code of an account is stored: keyed by a secret that is not in the database.
[[nodiscard]] crypto::Digest hash_of(const Secret& key, const AccountId& account, std::string_view code);

}  // namespace cardea::recovery_code
