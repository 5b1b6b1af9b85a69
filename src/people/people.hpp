#pragma once
// directory: the list of users with what they show in public; ordered by a public number it is a leaderboard.
//
// Owns: no table. Never: shows a member that its declaration does not make public, except to administrators.
// Routes: GET /v1/users, GET and PATCH /v1/users/{id}; pages / and /users.

#include "authn/authn.hpp"
#include "feature/feature.hpp"
#include "identity/listing.hpp"
#include "page/page.hpp"

namespace cardea::people {

struct Deps {
  const authn::Deps& authn;
  const authn::DirectorySettings& settings;
  const page::Pages& pages;
};

/// What a list is asked for. Errors of `read_query`: validation_failed naming sort, limit or cursor.
struct Query {
  identity::Order order;
  std::optional<identity::Position> after;
  std::int64_t limit = 50;
};
Result<Query> read_query(const authn::Deps& deps, const http::Call& call, std::string_view default_sort);

/// Changes another account's profile, fields of administrators included. Errors: validation_failed, not_found.
Result<identity::Account> change(const authn::Deps& deps, const http::Call& call, const AccountId& id,
                                 const identity::Submitted& submitted);

[[nodiscard]] Feature feature(const Deps& deps);
[[nodiscard]] std::vector<http::Route> page_routes(const Deps& deps);

}  // namespace cardea::people
