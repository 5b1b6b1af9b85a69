#pragma once
// The pages of signing out. Internal to login.

#include "login/login.hpp"

namespace cardea::login {

/// GET and POST /signout. `?next=` leads on to a page here, or to one of a front end that is listed in cors.origins.
void add_sign_out(http::Routes& pages, const Deps& deps);

}  // namespace cardea::login
