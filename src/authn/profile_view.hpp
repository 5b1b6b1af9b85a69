#pragma once
// How the declared inputs of an account look on pages: which are asked for, their labels, types and values.

#include <initializer_list>
#include <string_view>

#include "identity/identity.hpp"

namespace cardea::authn {

/// Which page shows the fields: sign-up asks for fewer.
enum class ShownOn { signup, profile };

/// {"show", "need", "fields", "has_fixed"} of web/README.md. `values` are posted texts or stored values by field name.
[[nodiscard]] wire::Object profile_view(const identity::Settings& settings, const wire::Value& values,
                                        const std::vector<FieldError>& problems, ShownOn page = ShownOn::profile);

/// The posted inputs as a submission. Declared fields are read by their type; anything else in the form, except the
/// inputs that the page takes `besides`, is passed on to be refused.
[[nodiscard]] identity::Submitted read_form(const identity::Settings& settings, const wire::Value& form,
                                            std::initializer_list<std::string_view> besides = {});

/// Stored values by input name, for filling a form.
[[nodiscard]] wire::Value values_of(const identity::Account& account, const identity::Settings& settings);

}  // namespace cardea::authn
