#pragma once
// How hard a password is to guess; private to this module.

#include <string>
#include <string_view>
#include <vector>

namespace cardea::password {

/// An estimate of the guesses it takes, in bits: the least of what zxcvbn says, with `words` of the owner among its
/// dictionaries, and what a keyboard walk costs; for the password as a whole, without the digits around it, and without
/// what is known to everybody. UTF-8; takes up to a few milliseconds.
[[nodiscard]] double guess_bits(std::string_view password, const std::vector<std::string>& words);

}  // namespace cardea::password
