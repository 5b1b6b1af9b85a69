#pragma once
// login: signing in and out, showing the password again, and asking who is signed in.
//
// Owns: no table. Never: says which of user id and password was wrong.
// Routes: POST /v1/signin, POST /v1/signout, POST /v1/reauth, GET /v1/session, POST /v1/session/token;
// pages /signin, /signout, /reauth.

#include "authn/authn.hpp"
#include "feature/feature.hpp"
#include "page/page.hpp"

namespace cardea::login {

struct Settings {
  std::string forgot = "Ask your administrator for a link to set a new one.";  // empty: nothing is said
};

struct Deps {
  const authn::Deps& authn;
  const page::Pages& pages;
  const Settings& settings;
  const std::vector<std::string>& front_ends;  // origins that signing in and out may lead to
  bool can_recover = false;  // a link to set a new password can be sent
};

[[nodiscard]] FeatureEntry entry();
[[nodiscard]] Feature feature(const Deps& deps);
/// The browser's side of it.
[[nodiscard]] std::vector<http::Route> page_routes(const Deps& deps);

}  // namespace cardea::login
