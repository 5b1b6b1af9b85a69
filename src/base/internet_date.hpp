#pragma once
// Dates as the messages of the Internet have them.

#include <string>

#include "base/time.hpp"

namespace cardea {

/// "Mon, 23 Nov 2026 12:00:00", in UTC and in English, whatever the locale: what RFC 9110 §5.6.7 and RFC 5322 §3.3 have
/// in common. The zone is for the caller to add, " GMT" and " +0000".
[[nodiscard]] std::string internet_date(Time at);

}  // namespace cardea
