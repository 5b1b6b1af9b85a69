#pragma once
// The page where a visitor chooses a language.

#include <vector>

#include "http/route.hpp"
#include "page/page.hpp"

namespace cardea::page {

inline constexpr std::string_view language_path = "/language";

/// GET shows what is offered, POST keeps the choice in a cookie of a year and goes back to `next`. They view `pages`,
/// which must outlive them. None where one language is offered.
[[nodiscard]] std::vector<http::Route> language_routes(const Pages& pages);

}  // namespace cardea::page
