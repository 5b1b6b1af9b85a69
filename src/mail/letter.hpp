#pragma once
// A letter as text and as HTML. Internal to mail.

#include "mail/mail.hpp"

namespace cardea::mail {

/// Throws std::invalid_argument when the letter's link does not begin with the public URL.
[[nodiscard]] Message compose(const Letter& letter, const Address& to, const page::Words& words,
                              const Stationery& stationery);

}  // namespace cardea::mail
