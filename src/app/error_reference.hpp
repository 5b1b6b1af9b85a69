#pragma once
// What the `type` of a problem document points to: a page for every code there is, and one that lists them.

#include <map>
#include <string_view>
#include <vector>

#include "feature/feature.hpp"
#include "page/page.hpp"

namespace cardea::app {

/// Every kind that an answer can have, by its code.
using ErrorCatalogue = std::map<std::string_view, const ErrorKind*>;

/// What these features and their routes may answer with, and the kinds of HTTP itself.
[[nodiscard]] ErrorCatalogue error_catalogue(const std::vector<Feature>& features);

/// GET /docs/errors and /docs/errors/{code}, about what these features may answer. Every code needs a string
/// `error_code.advice.<code>`.
[[nodiscard]] Feature error_reference(const page::Pages& pages, const std::vector<Feature>& features);

}  // namespace cardea::app
