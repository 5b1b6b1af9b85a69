#pragma once
// signup: from a form or a JSON body to an account that is signed in.
//
// Owns: no table. Never: tells more about an existing account than that a user id or address is taken.
// Routes: POST /v1/signup, GET and POST /signup, GET /invite.

#include "authn/authn.hpp"
#include "feature/feature.hpp"
#include "page/page.hpp"

namespace cardea::signup {

struct Deps {
  const authn::Deps& authn;
  const page::Pages& pages;
  const std::vector<std::string>& front_ends;  // origins that signing up may lead to
};

[[nodiscard]] FeatureEntry entry();
[[nodiscard]] Feature feature(const Deps& deps);
/// The browser's side of it.
[[nodiscard]] std::vector<http::Route> page_routes(const Deps& deps);

}  // namespace cardea::signup
