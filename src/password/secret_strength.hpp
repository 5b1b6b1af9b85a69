#pragma once
// Whether a secret of programs, such as the server's own, was made by chance or thought up.

#include <string_view>

namespace cardea::password {

/// True for a secret that somebody could guess who knows how people and examples make them: repeated characters or
/// pieces, keyboard walks, words, dates, too few different characters, a value of somebody's documentation. Not for
/// what a generator of random text makes, of 128 bits or more, in hexadecimal, base64, letters or octets. Any octets;
/// takes up to a few milliseconds. `least_bits` is what it has to be worth by every estimate, all of which are low.
[[nodiscard]] bool is_guessable(std::string_view secret, double least_bits = 72);

}  // namespace cardea::password
