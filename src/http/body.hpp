#pragma once
// What a request's body may be: JSON for programs, forms with their token for pages.

#include "base/result.hpp"
#include "http/form_token.hpp"
#include "http/route.hpp"

namespace cardea::http {

/// True for application/json, alone or with charset=utf-8, sent once.
[[nodiscard]] bool is_json(const Request& request);

/// Refuses a body that is not JSON. The types a foreign page can send without asking (text/plain, forms) never pass.
/// Errors: wrong_media_type.
Result<Done> check_json(const Request& request);

/// Reads a posted form into `call.form` and `call.files` and takes its token out.
/// Errors: wrong_media_type, malformed_form, form_expired.
Result<Done> read_form(Call& call, const FormTokens& tokens);

}  // namespace cardea::http
