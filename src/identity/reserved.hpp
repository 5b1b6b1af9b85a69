#pragma once
// User ids that nobody gets by signing up, because others would take their owner for the operator, or for an id.

#include <string>
#include <string_view>
#include <vector>

namespace cardea::identity {

/// Whether an id is one of these names or of `more`, or looks like one: case, letters of other scripts that look the
/// same, and punctuation do not count. Also one of punctuation alone, and one in the form of our ids ("usr_…").
[[nodiscard]] bool is_reserved(std::string_view user_id, const std::vector<std::string>& more);

}  // namespace cardea::identity
