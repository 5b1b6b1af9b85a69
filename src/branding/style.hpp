#pragma once
// What a brand's accent becomes: a style sheet and an icon. Internal to branding.

#include <string>

#include "branding/tones.hpp"

namespace cardea::branding {

/// Sets the accent's variables of web/shared/tokens.css anew, for both themes.
[[nodiscard]] std::string style_of(const Tones& light, const Tones& dark);
/// web/shared/favicon.svg in the brand's colours.
[[nodiscard]] std::string icon_of(const Tones& light, const Tones& dark);

}  // namespace cardea::branding
