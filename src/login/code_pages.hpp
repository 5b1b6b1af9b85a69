#pragma once
// The input for a code of a second factor, on the pages that ask for one. Internal to login.

#include "login/login.hpp"

namespace cardea::login {

/// Of several methods the one that is asked for now, and the rest.
struct CodeChoice {
  std::vector<AuthMethod> methods;         // the strongest first
  std::optional<AuthMethod> chosen = {};   // absent, or none of them: the first
  std::string_view page;                   // "/signin/verify": another way is "/signin/verify/<method>"
  std::string next = {};
};
/// `method`, `how`, `code_label`, `is_digits`, `others` and `clock_hint`, for templates.
[[nodiscard]] wire::Object code_input(const Deps& deps, const http::Call& call, const CodeChoice& choice);

/// The method in a form, or else in the address.
[[nodiscard]] std::optional<AuthMethod> asked_method(const http::Call& call);

/// GET and POST /signin/verify, GET /signin/enrol.
void add_verify(http::Routes& pages, const Deps& deps);
/// GET and POST /reauth.
void add_reauth(http::Routes& pages, const Deps& deps);

/// Signed in, or on to the next step.
[[nodiscard]] http::Response go_on(const Deps& deps, const http::Call& call, const authn::SignIn& outcome);
/// A page with a form that leads on.
[[nodiscard]] http::Response show_leading(const Deps& deps, std::string_view name, const http::Call& call,
                                          const Error* error, wire::Object more = {});

}  // namespace cardea::login
