#pragma once
// The cookie of a browser that waits for a code to sign in by. Internal to email_code.

#include "email_code/email_code.hpp"

namespace cardea::email_code {

/// Empty when it waits for none.
[[nodiscard]] std::string waiting_token(const http::Call& call);
void keep(http::Response& response, const Deps& deps, const Secret& token);
void forget(http::Response& response, const Deps& deps);

}  // namespace cardea::email_code
