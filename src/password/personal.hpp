#pragma once
// Passwords made of what their owner is called; private to this module.

#include <string>
#include <string_view>
#include <vector>

#include "password/password.hpp"

namespace cardea::password {

/// The owner's name and its parts, user id, e-mail address and the part before its `@`.
[[nodiscard]] std::vector<std::string> own_words(const Owner& owner);

/// Nothing but words of the owner, once or more, and a date's worth of digits; without spaces and punctuation, in any
/// case or look.
[[nodiscard]] bool is_personal(std::string_view password, const Owner& owner);

}  // namespace cardea::password
