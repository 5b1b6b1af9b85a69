#pragma once
// Errors of the API in the words of pages, for those whose browser asks for another language than English.

#include "http/translation.hpp"
#include "page/page.hpp"

namespace cardea::page {

/// By the strings `problem.<code>` and `errors.<code>.text`, and for fields as `problems_of`. `data` fills their
/// variables; a sentence of which one is not known stays English. Absent: the request asks for English, or for nothing
/// that is offered.
[[nodiscard]] std::optional<http::Translation> translate(const Pages& pages, const http::Request& request,
                                                         const Error& error, const wire::Object& data);

}  // namespace cardea::page
