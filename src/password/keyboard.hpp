#pragma once
// What a text costs somebody who guesses walks over a keyboard; private to this module.

#include <string_view>

namespace cardea::password {

/// Bits that describe UTF-8 `text` as keys pressed one after the other: little for a key beside the one before, nearly
/// nothing for a move made before (`1qaz2wsx3edc`), with and without shift, on QWERTY, QWERTZ, AZERTY, ЙЦУКЕН and the
/// number pad. Text that is no walk costs more than chance would need.
[[nodiscard]] double keyboard_bits(std::string_view text);

}  // namespace cardea::password
