#pragma once
// What went wrong, in the words of pages: from a code to a string of web/*/strings.

#include <chrono>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "encoding/value.hpp"
#include "page/page.hpp"

namespace cardea::page {

/// A failure as problems: those of its fields, or one of no input. None without a failure. Each is worded by
/// `problem.<code>`, or `problem.<code>.<variant>`; the sentence may name `{{limit}}`, `{{wait}}` and what `data` has.
/// Without a string it stays in the API's English; a debug build throws std::logic_error then.
[[nodiscard]] std::vector<FieldError> problems_of(const Pages& pages, const Error* error,
                                                  const wire::Object& data = {});

/// "40 seconds", "3 minutes": rounded up, so that whoever waits that long may try again.
[[nodiscard]] std::string wait_text(const Pages& pages, std::chrono::microseconds wait);

}  // namespace cardea::page
