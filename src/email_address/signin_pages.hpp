#pragma once
// The pages of a sign-in that waits for an address to be confirmed. Internal to email_address.

#include "email_address/email_address.hpp"
#include "page/lead.hpp"

namespace cardea::email_address {

/// Whose sign-in waits in this browser, where nobody is signed in.
[[nodiscard]] std::optional<AccountId> waiting_account(const Deps& deps, const http::Call& call);
/// A refused code as a problem of its input.
[[nodiscard]] Error beside_code(const Error& error);

/// Goes on with the sign-in, and then to `next` or, when that is empty, to the account.
[[nodiscard]] Result<http::Response> go_on(const Deps& deps, const http::Call& call, const page::Lead& next);

/// What GET and POST /verify and below answer where nobody is signed in: to another place when no sign-in waits here.
[[nodiscard]] Result<http::Response> show_signin(const Deps& deps, const http::Call& call, const Error* error);
[[nodiscard]] Result<http::Response> post_signin_code(const Deps& deps, const http::Call& call);
[[nodiscard]] Result<http::Response> post_signin_resend(const Deps& deps, const http::Call& call);
[[nodiscard]] Result<http::Response> post_signin_address(const Deps& deps, const http::Call& call);
[[nodiscard]] Result<http::Response> post_signin_continue(const Deps& deps, const http::Call& call);
[[nodiscard]] Result<http::Response> tell_signin_state(const Deps& deps, const http::Call& call);

}  // namespace cardea::email_address
