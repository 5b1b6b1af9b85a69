#pragma once
// What a form's template needs to be shown again: what was typed, and what to mend.

#include <initializer_list>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/secret.hpp"
#include "encoding/value.hpp"

namespace cardea::page {

/// {"values", "errors", "problems", "failed"} of web/pages/README.md. `typed` is the posted form (or the stored values);
/// inputs whose name begins with "password" or ends with "_password" are left out. Problems of the fields in
/// `without_input` have no input to point at.
[[nodiscard]] wire::Object form_view(const wire::Value& typed, const std::vector<FieldError>& problems,
                                     std::initializer_list<std::string_view> without_input = {});

/// A failure as problems: its fields, or its title as one problem of no input.
[[nodiscard]] std::vector<FieldError> problems_of(const Error& error);

/// Members of `more` added to `data`.
[[nodiscard]] wire::Object merged(wire::Object data, wire::Object more);

/// One posted password, without a copy that nobody wipes.
[[nodiscard]] Secret typed_secret(const wire::Value& form, std::string_view name);
/// The text of one posted input; empty when it was not posted.
[[nodiscard]] std::string typed(const wire::Value& form, std::string_view name);

}  // namespace cardea::page
