#pragma once
// What a request's body may be: JSON for programs, forms with their token for pages.

#include "base/result.hpp"
#include "http/form_token.hpp"
#include "http/route.hpp"

namespace cardea::http {

/// True for application/json with whatever parameters, which mean nothing for JSON (RFC 8259 §11), but for a charset
/// that is another than UTF-8.
[[nodiscard]] bool is_json(const Request& request);

/// Reads or refuses the body of a request that changes something, as its surface says. A form goes into `call.form` and
/// `call.files`; where the surface asks for a form token, it is checked, taken out and returned. The types that a
/// foreign page can send without asking (text/plain, forms) never pass as JSON.
/// Errors: wrong_media_type, wrong_content_coding, malformed_form, form_expired.
Result<std::string> read_body(Call& call, const FormTokens& tokens);

}  // namespace cardea::http
