#pragma once
// people: the list of users with what they show in public; ordered by a public number it is a leaderboard.
//
// Owns: no table. Never: shows a member that its declaration does not make public, except to administrators.
// Routes: GET /v1/users, GET, PATCH and DELETE /v1/users/{id}, POST /v1/users/{id}/restore; page /users.

#include "account/account.hpp"
#include "feature/feature.hpp"
#include "identity/listing.hpp"
#include "page/page.hpp"

namespace cardea::people {

struct Deps {
  const account::Deps& account;
  const identity::ListingSettings& settings;
  const page::Pages& pages;
  const authn::Deps& authn;
};

[[nodiscard]] FeatureEntry entry();
[[nodiscard]] Feature feature(const Deps& deps);
[[nodiscard]] std::vector<http::Route> page_routes(const Deps& deps);
/// What administrators delete, and keep.
[[nodiscard]] std::vector<http::Route> deletion_routes(const Deps& deps);

}  // namespace cardea::people
