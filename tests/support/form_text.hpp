#pragma once
// The texts a browser makes of a form, and what it reads from a page to make them.

#include "tests/support/client.hpp"

namespace cardea::testing_support {

inline constexpr const char* multipart_type = "multipart/form-data; boundary=----cardea-test-boundary";

/// The hidden fields of the form on `page` that posts to `action`; of the first one, when there are several.
[[nodiscard]] FormFields hidden_fields(std::string_view page, std::string_view action);
[[nodiscard]] std::string urlencoded_body(const FormFields& fields);
/// With the boundary of `multipart_type`.
[[nodiscard]] std::string multipart_body(const FormFields& fields, const std::vector<Upload>& files);

}  // namespace cardea::testing_support
